"""The website in a real browser, opened from the disk: without a server, without a network."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

LESSON = "lessons/01_matrix_operations.html"
KINDS = ["index.html", LESSON, "glossary.html", "api/kerasedu.callbacks.html", "search.html?q=softmax"]

EXPECTED = ["Failed to fetch"]  # the found pages' first lines: a browser gives them by a server only


@pytest.fixture
def visit(browser, site):
    """Open a page; what it asked other hosts for and what went wrong on it fails the test."""
    contexts, complaints = [], []

    def open_page(name, width=1280, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: str(error) in EXPECTED or complaints.append(str(error)))
        page.on("request", lambda r: r.url.startswith(("file:", "data:")) or complaints.append(r.url))
        page.goto(f"file://{site}/{name}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def test_the_search_finds_words_in_both_languages(visit):
    for word, page_found in [("softmax", "kerasedu.ops.softmax"), ("激活函数", "Glossary")]:
        page = visit(f"search.html?q={word}")
        page.locator("#search-results li", has_text=page_found).first.wait_for()


def test_formulas_are_drawn(visit):
    page = visit(LESSON)
    page.locator("mjx-container svg").first.wait_for()
    assert page.locator("mjx-container").count() == page.locator(".math").count() > 3
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0


@pytest.mark.parametrize("name", KINDS)
def test_a_phone_scrolls_down_only(visit, name):
    page = visit(name, width=390)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_the_page_can_be_read_by_everybody(visit, name, scheme):
    page = visit(name, scheme=scheme)
    if name == LESSON:
        page.locator("mjx-container svg").first.wait_for()
    if name.startswith("search"):
        page.locator("#search-results li").first.wait_for()
    page.wait_for_function("document.getAnimations().every(a => a.playState != 'running')")  # colours on their way
    violations = Axe().run(page).response["violations"]
    serious = [v for v in violations if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [node["html"][:120] for node in v["nodes"][:3]]) for v in serious] == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("name", "label"), [("index.html", "front"), (LESSON, "lesson")])
def test_pictures_of_the_site_are_kept(visit, name, label, width, artefacts):
    page = visit(name, width=width)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=artefacts / f"site_{label}_{width}.png")
