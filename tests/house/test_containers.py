"""What runs in containers is what runs on one machine."""

import re
from pathlib import Path

from django.conf import settings

TOP = Path(settings.BASE_DIR)
COMPOSE = (TOP / "compose.yaml").read_text(encoding="utf-8")
ON_ONE_MACHINE = (TOP / "bulletin_site" / "local" / "service.py").read_text(encoding="utf-8")


def test_each_queue_has_one_kind_of_worker() -> None:
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    served = [queue for queues in re.findall(r" -Q (\S+)", COMPOSE) for queue in queues.split(",")]
    assert sorted(served) == sorted(routed | {settings.CELERY_TASK_DEFAULT_QUEUE})


def test_workers_serve_the_same_queues_as_on_one_machine() -> None:
    on_one_machine = set(re.findall(r'start\(_worker\("(\w+)"', ON_ONE_MACHINE))
    assert set(re.findall(r" -Q (\S+)", COMPOSE)) == on_one_machine


def test_no_queue_waits_for_another() -> None:
    assert [queues for queues in re.findall(r" -Q (\S+)", COMPOSE) if "," in queues] == []
    assert '"-Q", queue, ' in ON_ONE_MACHINE


def test_the_image_asks_the_health_address_and_is_not_root() -> None:
    dockerfile = (TOP / "Dockerfile").read_text(encoding="utf-8")
    assert "/healthz" in dockerfile
    assert re.findall(r"^USER (\d+)", dockerfile, re.MULTILINE) not in ([], ["0"])
