"""An editor pastes a table, adds a picture and emphasises words; web and mail show them."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.support.logging_in import log_in
from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(300)]

SET_UP = """
import json
from django.contrib.auth import get_user_model
from issues.models import Issue
from tests.support.factories import an_issue, weather
get_user_model().objects.create_superuser("editor", password="for this journey only")
issue = an_issue(weather(), status=Issue.Status.DRAFT)
article = issue.sections.first().articles.first()
print(json.dumps({"issue": issue.pk, "article": article.pk}))
"""
PASTE = """(body, [html, plain]) => {
    const clipboard = new DataTransfer();
    clipboard.setData("text/html", html);
    clipboard.setData("text/plain", plain);
    body.focus();
    body.setSelectionRange(body.value.length, body.value.length);
    const how = { clipboardData: clipboard, bubbles: true, cancelable: true };
    body.dispatchEvent(new ClipboardEvent("paste", how));
}"""
TABLE = "<table><tr><th>City</th><th>mm</th></tr><tr><td>Here</td><td>1 | 2</td></tr></table>"
WORDS = (
    "**Rain** and *wind*, see [the **sky**](https://example.org/) or https://example.org/a\n> Wet."
)


def a_picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (300, 200), "navy").save(kept, "PNG")
    return kept.getvalue()


def test_what_is_written_and_pasted_is_shown_on_the_web_and_in_the_mail(
    service: Service, browser: Browser
) -> None:
    where = json.loads(service.run(SET_UP))
    page = browser.new_context(locale="en").new_page()
    log_in(page, service.url)
    page.goto(f"{service.url}/admin/issues/article/{where['article']}/change/")
    page.locator("[data-block]").first.focus()
    page.keyboard.press("Enter")
    body = page.locator("form.editor textarea")
    body.fill(WORDS)
    body.evaluate(PASTE, [TABLE, "City\tmm"])
    expect(body).to_have_value(f"{WORDS}\n\n| City | mm |\n| --- | --- |\n| Here | 1 \\| 2 |\n\n")
    body.fill("Under the ")
    body.evaluate(PASTE, ['<meta charset="utf-8"><a href="https://example.org/">sky</a>', "sky"])
    expect(body).to_have_value("Under the [sky](https://example.org/)")
    body.fill(WORDS)
    body.evaluate(PASTE, [TABLE, "City\tmm"])
    expect(page.get_by_role("button", name="Add", exact=True)).to_be_hidden()
    picture = page.get_by_label("Add a picture:")
    picture.set_input_files({"name": "a.svg", "mimeType": "image/png", "buffer": b"<svg/>"})
    expect(page.get_by_text("SVG drawings cannot be shown in mails.")).to_be_visible()
    picture.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": a_picture()})
    expect(page.get_by_text("The picture was added; its line stands in the text.")).to_be_visible()
    typed = body.input_value().replace(".png]]", ".png: The **sea** | Blue]]")
    body.fill(typed)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("blockquote")).to_have_text("Wet.")

    page.goto(f"{service.url}/b/weather/issues/{where['issue']}/articles/{where['article']}/")
    text = page.locator(".text")
    expect(text.locator("p").first).to_have_text(
        "Rain and wind, see the sky or https://example.org/a"
    )
    expect(text.locator("a strong")).to_have_text("sky")
    expect(text.locator("blockquote").first).to_have_text("Wet.")
    expect(text.locator("th").first).to_have_text("City")
    expect(text.locator("td").nth(1)).to_have_text("1 | 2")
    image = text.get_by_role("img", name="Blue")
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("naturalWidth", 300)

    page.goto(f"{service.url}/admin/issues/issue/{where['issue']}/proof/")
    page.fill("#id_address", "proof@example.org")
    page.get_by_role("button", name="Send").click()
    html = service.mail_to("proof@example.org").get_body(("html",))
    assert html is not None
    stranger = browser.new_context().new_page()
    stranger.set_content(html.get_content())
    shown = stranger.get_by_role("img", name="Blue")
    expect(shown).to_have_js_property("naturalWidth", 300)
