"""Sphinx configuration of the website. `build.py` assembles the pages and calls Sphinx."""

import os
import sys
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

# Where the course lies, for "Open in Colab" and "in Binder": "https://github.com/OWNER/NAME". Unset: no such links.
kerasedu_repository = os.environ.get("KERASEDU_REPOSITORY", "").removesuffix("/").removesuffix(".git")

project = "KerasEdu"
author = "the authors of KerasEdu"
project_copyright = f"{author}; MIT licence"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx.ext.mathjax",
    "api",
    "details",
]
exclude_patterns = ["_build", "**.ipynb_checkpoints"]
nitpicky = False

# Lessons: executed once, kept by content (build.py puts the library's content into the cache's name).
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_cache_path = os.environ.get("KERASEDU_SITE_CACHE", "")
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 600
nb_output_stderr = "remove-warn"  # a lesson writes nothing to stderr; -W makes the warning an error
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False
autodoc_typehints = "signature"
python_maximum_signature_line_length = 80
python_use_unqualified_type_names = True
toc_object_entries = False  # else Sphinx copies the names of the whole library for the menu of every page

# Formulas as SVG by MathJax, which the package django-static-mathjax brings: one file, no fonts, no other host.
mathjax_path = "tex-svg-full.js"
mathjax3_config = {"options": {"enableMenu": False}}
html_static_path = [str(HERE / "static"), str(files("mathjax") / "static/mathjax/es5/tex-svg-full.js")]

html_theme = "sphinx_book_theme"
html_title = "KerasEdu"
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_domain_indices = False
html_copy_source = True
html_show_sphinx = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_persistent": [],
    "show_navbar_depth": 1,
    "max_navbar_depth": 2,
    "show_toc_level": 2,
    "use_download_button": True,
    "use_fullscreen_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
