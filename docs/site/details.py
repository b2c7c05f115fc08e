"""What pages get besides their text: a lesson's links to where else it opens, and the language of Chinese words."""

import json
import re


def lesson_links(repository: str, name: str) -> str:
    """Markdown for the lesson with the file name ``name``; without a repository only the download is offered."""
    ways = [f"{{download}}`Download this notebook <{name}>`"]
    if repository:
        path, project = f"course/{name.removesuffix('.ipynb')}/{name}", repository.removeprefix("https://github.com/")
        ways += [
            f"[Open in Binder](https://mybinder.org/v2/gh/{project}/HEAD?urlpath=lab/tree/{path})",
            f"[Open in Colab](https://colab.research.google.com/github/{project}/blob/HEAD/{path}), "
            f"there run `%pip install git+{repository}` first",
        ]
    return " · ".join(ways)


def add_lesson_links(app, docname, source):
    """Put the links under the title of a lesson, as it is read; its file stays as it is."""
    if docname.startswith("lessons/"):
        notebook = json.loads(source[0])
        heading, *rest = "".join(notebook["cells"][0]["source"]).splitlines(keepends=True)
        links = lesson_links(app.config.kerasedu_repository, f"{docname.removeprefix('lessons/')}.ipynb")
        notebook["cells"][0]["source"] = [heading, "\n", links, "\n", *rest]
        source[0] = json.dumps(notebook)


def mark_chinese(app, pagename, templatename, context, doctree):
    """Tell readers' machines which words are Chinese, so that they are spoken and drawn as such."""
    if "body" in context:
        context["body"] = re.sub("[\u4e00-\u9fff]+", r'<span lang="zh-Hans">\g<0></span>', context["body"])


def setup(app):
    """Sphinx calls this."""
    app.add_config_value("kerasedu_repository", "", "env")
    app.connect("source-read", add_lesson_links)
    app.connect("html-page-context", mark_chinese)
    return {"parallel_read_safe": True}
