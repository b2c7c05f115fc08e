"""What the website's pages say and where their links lead."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

import pytest
from sphinx.util.inventory import InventoryFile

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

PUBLIC = {
    "ops": "matmul add subtract multiply divide transpose dot outer einsum concatenate split stack square one_hot "
    "logsumexp moments conv max_pool average_pool batch_normalization layer_normalization binary_crossentropy "
    "categorical_crossentropy sparse_categorical_crossentropy relu softmax conv_backward lstm_step_backward",
    "activations": "linear relu leaky_relu elu selu gelu sigmoid hard_sigmoid tanh softmax log_softmax softplus "
    "softsign silu swish exponential get",
    "initializers": "Zeros Ones Constant RandomNormal RandomUniform TruncatedNormal VarianceScaling GlorotUniform "
    "GlorotNormal HeUniform HeNormal LecunUniform LecunNormal Orthogonal Identity",
    "regularizers": "L1 L2 L1L2",
    "constraints": "MaxNorm MinMaxNorm NonNeg UnitNorm",
    "losses": "MeanSquaredError MeanAbsoluteError Huber Hinge KLDivergence CosineSimilarity BinaryCrossentropy "
    "CategoricalCrossentropy SparseCategoricalCrossentropy mean_squared_error",
    "metrics": "Mean Sum Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy "
    "TopKCategoricalAccuracy SparseTopKCategoricalAccuracy Precision Recall F1Score AUC TruePositives TrueNegatives "
    "FalsePositives FalseNegatives MeanSquaredError RootMeanSquaredError MeanAbsoluteError R2Score "
    "BinaryCrossentropy CategoricalCrossentropy SparseCategoricalCrossentropy",
    "layers": "Input Activation ReLU LeakyReLU ELU Softmax Identity Dense Dropout Flatten Reshape Permute RepeatVector "
    "Add Subtract Multiply Average Maximum Minimum Concatenate Conv1D Conv2D ZeroPadding2D UpSampling2D MaxPooling1D "
    "MaxPooling2D AveragePooling1D AveragePooling2D GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D "
    "GlobalMaxPooling2D BatchNormalization LayerNormalization Embedding Masking SimpleRNN SimpleRNNCell LSTM LSTMCell "
    "GRU GRUCell RNN Bidirectional TimeDistributed Layer Layer.backward Layer.get_weights Layer.set_weights",
    "optimizers": "SGD RMSprop Adagrad Adadelta Adam AdamW Adamax Nadam Optimizer.apply_gradients",
    "optimizers.schedules": "ExponentialDecay PiecewiseConstantDecay PolynomialDecay InverseTimeDecay CosineDecay",
    "models": "Sequential Model Model.compile Model.fit Model.evaluate Model.predict Model.train_on_batch "
    "Model.summary Model.save load_model",
    "callbacks": "History EarlyStopping ModelCheckpoint LearningRateScheduler ReduceLROnPlateau TerminateOnNaN "
    "CSVLogger",
    "parity": "check to_keras from_keras",
    "autodiff": "Tensor",
    "gradcheck": "check_gradients",
    "datasets": "digits mnist",
    "exercises": "check hint answer",
}


class Page(HTMLParser):
    """The elements of a page as (name, attributes), and its text."""

    def __init__(self, path):
        super().__init__()
        self.elements, self.words = [], []
        self.feed(path.read_text())
        self.places = {attributes["id"] for _, attributes in self.elements if "id" in attributes}
        self.text = "".join(self.words)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)

    def find(self, *names):
        return [(name, attributes) for name, attributes in self.elements if name in names]


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in site.rglob("*.html") if "_static" not in path.parts}


def test_every_link_leads_to_a_page_and_a_place_on_it(site, pages):
    broken = []
    for path, page in pages.items():
        for _, attributes in page.find("a", "img", "script", "link", "source"):
            address = attributes.get("href") or attributes.get("src") or ""
            if urlparse(address).scheme or address in ("", "#"):
                continue
            target, place = urldefrag(address)
            file = (path.parent / unquote(urlparse(target).path)).resolve() if target else path
            if not file.is_file() or (place and file in pages and unquote(place) not in pages[file].places):
                broken.append(f"{path.relative_to(site)}: {address}")
    assert len(pages) > 50
    assert broken == []


def test_no_page_loads_anything_from_another_host(site, pages):
    remote = re.compile(r"^(https?:)?//")
    found = [
        (path.name, attributes)
        for path, page in pages.items()
        for _, attributes in page.find("script", "link", "img", "iframe", "source", "video", "object")
        if remote.match(attributes.get("src") or attributes.get("href") or attributes.get("data") or "")
    ]
    found += [
        (path.name, address)
        for path in site.rglob("*.css")
        for address in re.findall(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')]+)", path.read_text())
    ]
    assert found == []


def test_the_library_s_public_names_are_there(site):
    with (site / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, target: target)
    entries = {name for kind, names in inventory.items() if kind.startswith("py:") for name in names}
    wanted = [f"kerasedu.{room}.{name}" for room, names in PUBLIC.items() for name in names.split()]
    assert [name for name in wanted if name not in entries] == []


def test_a_formula_keeps_its_lines(pages, site):
    assert "m ← m + (1 - β₁) (g - m)\nv ← v + (1 - β₂) (g² - v)\n" in pages[site / "api/kerasedu.optimizers.html"].text


def test_lessons_show_what_open_exercises_answer_and_no_error(pages):
    lessons = {path.stem: page for path, page in pages.items() if path.parent.name == "lessons"}
    assert {name[:2] for name in lessons} == {"01", "04"}
    for page in lessons.values():
        assert "not yet (not answered), 0 of" in page.text
        assert "within tolerance" in page.text
        assert "Traceback" not in page.text


def test_every_picture_has_a_text_alternative(pages):
    pictures = [(path.name, picture) for path, page in pages.items() for _, picture in page.find("img")]
    assert len(pictures) > 5
    assert [name for name, picture in pictures if not picture.get("alt")] == []


def test_headings_go_down_one_level_at_a_time(pages):
    for path in pages:
        article = re.search("<article.*</article>", path.read_text(), re.DOTALL)
        if article is None:
            continue  # the search, the index and the source files have one heading each
        levels = [int(level) for level in re.findall("<h([1-6])", article.group())]
        assert levels.count(1) == 1, path
        assert all(lower - upper <= 1 for upper, lower in pairwise(levels)), path


def test_the_front_page_names_the_commands_and_the_lessons(pages, site):
    front = pages[site / "index.html"]
    assert "make lab" in front.text
    assert "make test" in front.text
    links = {attributes.get("href") for _, attributes in front.find("a")}
    assert {"lessons/01_matrix_operations.html", "lessons/04_backward_propagation.html"} <= links


def test_chinese_words_are_marked_as_such(site):
    words = re.findall('<span lang="zh-Hans">(.*?)</span>', (site / "glossary.html").read_text())
    assert {"激活函数", "交叉熵", "梯度下降"} <= set(words)
