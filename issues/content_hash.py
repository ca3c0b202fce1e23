"""The hash of all that would be published of an issue: by it a release knows what was released."""

from __future__ import annotations

import hashlib
import json

from msgspec.structs import replace

from issues.editing import storage
from issues.models import Issue
from pdf_reading.issue_text import to_json


def of_issue(issue: Issue) -> str:
    """Return the hash of all that would be published of an issue, and of where. Four queries."""
    draft = replace(storage.load(issue), bin=())
    top = () if issue.top_story is None else (issue.top_story,)
    parts = [issue.bulletin_id, to_json(draft), *top]
    packed = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(packed.encode()).hexdigest()
