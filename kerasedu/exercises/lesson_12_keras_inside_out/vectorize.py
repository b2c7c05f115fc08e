"""Words as numbers: 0 for padding, on the left; 1 for unknown words; of a long text the end is kept."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

WORDS = [
    "the",
    "a",
    "of",
    "array",
    "list",
    "returns",
    "value",
    "if",
    "axis",
    "is",
    "shape",
    "name",
    "object",
    "in",
    "to",
]
OTHERS = ["zebra", "quince", "umbrella"]


def _texts(rng):
    for n, size, length, longest in [(4, 5, 4, 8), (1, 15, 6, 3), (3, 1, 3, 5), (5, 10, 1, 4), (2, 6, 3, 5)]:
        vocabulary = rng.permutation(WORDS)[:size].tolist()
        texts = [" ".join(rng.choice(WORDS + OTHERS, size=rng.integers(1, longest + 1))) for _ in range(n)]
        known, other = vocabulary[0], OTHERS[0]
        texts[0] = " ".join([known, other, *rng.choice(vocabulary, size=longest - 2).tolist()])  # longer than length
        if n > 1:
            texts[1] = f"{other} {known.upper()}"
        if n > 2:
            texts[2] = ""
        if n > 3:
            texts[3] = f" {other}  {known} "
        if length > longest:
            texts[0] = f"{vocabulary[1].title()} {other} {vocabulary[-1]}"
        yield {"texts": texts, "vocabulary": vocabulary, "length": length}


def _numbers(texts, vocabulary, unknown=1, first=2, lower=True):
    code = {word: first + k for k, word in enumerate(vocabulary)}
    return [[code.get(word, unknown) for word in (text.lower() if lower else text).split()] for text in texts]


def _padded(rows, length, padding="left", truncating="left"):
    result = np.zeros((len(rows), length), dtype=int)
    for i, row in enumerate(rows):
        row = row[max(len(row) - length, 0) :] if truncating == "left" else row[:length]
        if padding == "left":
            result[i, length - len(row) :] = row
        else:
            result[i, : len(row)] = row
    return result


def vectorize(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary), length)


def _padded_on_the_right(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary), length, padding="right")


def _beginning_kept(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary), length, truncating="right")


def _as_text_vectorization(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary), length, padding="right", truncating="right")


def _unknown_left_out(texts, vocabulary, length):
    return _padded([[k for k in row if k != 1] for row in _numbers(texts, vocabulary)], length)


def _unknown_as_padding(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary, unknown=0), length)


def _from_one(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary, first=1), length)


def _from_one_and_unknown_as_padding(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary, unknown=0, first=1), length)


def _from_zero(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary, first=0), length)


def _upper_case_unknown(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary, lower=False), length)


def _unknown_last(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary, unknown=len(vocabulary) + 1, first=1), length)


def _split_at_each_space(texts, vocabulary, length):
    code = {word: 2 + k for k, word in enumerate(vocabulary)}
    return _padded([[code.get(word, 1) for word in text.lower().split(" ")] for text in texts], length)


def _to_the_longest(texts, vocabulary, length):
    return vectorize(texts, vocabulary, max(len(text.split()) for text in texts))


def _backwards(texts, vocabulary, length):
    return _padded([row[::-1] for row in _last(_numbers(texts, vocabulary), length)], length)


def _last(rows, length):
    return [row[max(len(row) - length, 0) :] for row in rows]


def _unknown_word_not_foreseen(texts, vocabulary, length):
    code = {word: 2 + k for k, word in enumerate(vocabulary)}
    return _padded([[code[word] for word in text.lower().split()] for text in texts], length)


def _slice_of_an_empty_text(texts, vocabulary, length):
    result = np.zeros((len(texts), length), dtype=int)
    for i, row in enumerate(_last(_numbers(texts, vocabulary), length)):
        result[i, -len(row) :] = row
    return result


def _not_cut(texts, vocabulary, length):
    result = np.zeros((len(texts), length), dtype=int)
    for i, row in enumerate(_numbers(texts, vocabulary)):
        result[i, length - len(row) :] = row
    return result


def _zeros_behind_and_reversed(texts, vocabulary, length):
    return vectorize(texts, vocabulary, length)[:, ::-1]


def _padded_with_ones(texts, vocabulary, length):
    return _padded([[1] * length + row for row in _numbers(texts, vocabulary)], length)


def _unknown_behind_the_vocabulary(texts, vocabulary, length):
    return _padded(_numbers(texts, vocabulary, unknown=len(vocabulary) + 2), length)


def _vocabulary_sorted(texts, vocabulary, length):
    return vectorize(texts, sorted(vocabulary), length)


def _ragged(texts, vocabulary, length):
    return [row[-length:] for row in _numbers(texts, vocabulary)]


def _of_strings(texts, vocabulary, length):
    code = {word: str(2 + k) for k, word in enumerate(vocabulary)}
    rows = [[code.get(word, "1") for word in text.lower().split()][-length:] for text in texts]
    return np.array([["0"] * (length - len(row)) + row for row in rows])


def _with_index(texts, vocabulary, length):
    rows = []
    for text in texts:
        row = []
        for word in text.split():
            word = word.lower()
            row.append(vocabulary.index(word) + 2 if word in vocabulary else 1)
        row = [0] * length + row
        rows.append(row[-length:])
    return np.array(rows)


def _column_by_column(texts, vocabulary, length):
    words = ["", "?", *vocabulary]
    result = np.zeros((len(texts), length))
    for i, text in enumerate(texts):
        for place, word in enumerate(reversed(text.lower().split())):
            if place < length:
                result[i, length - 1 - place] = words.index(word) if word in vocabulary else 1
    return result


VECTORIZE = Exercise(
    id="vectorize",
    lesson="12",
    points=3,
    reference=vectorize,
    cases=_texts,
    mistakes=(
        Mistake(_padded_on_the_right, "The zeros stand behind the words; here they are to come first."),
        Mistake(_beginning_kept, "Of a long text the last words are to be kept, not the first."),
        Mistake(
            _as_text_vectorization,
            "So does TextVectorization: zeros at the end, and the end of a long text is cut off. Here both are the "
            "other way round.",
        ),
        Mistake(_unknown_left_out, "A word that is not in the vocabulary has a number as well: 1."),
        Mistake(_unknown_as_padding, "0 is padding, which will be masked: an unknown word is a word, and gets 1."),
        Mistake(_from_one, "The first word of the vocabulary gets 2: 0 and 1 are taken."),
        Mistake(
            _from_one_and_unknown_as_padding,
            "0 is padding and 1 any unknown word, so the first word of the vocabulary gets 2.",
        ),
        Mistake(_from_zero, "The first word of the vocabulary gets 2: 0 and 1 are taken."),
        Mistake(_upper_case_unknown, "The vocabulary is in small letters; the texts need not be."),
        Mistake(_unknown_last, "The number for unknown words is 1, and the vocabulary begins at 2."),
        Mistake(
            _split_at_each_space,
            "split(' ') makes empty words of double spaces and of an empty text; split() does not.",
        ),
        Mistake(_to_the_longest, "Every row has the length that is asked for, however long the texts are."),
        Mistake(_backwards, "The last words are kept, but in reversed order."),
        Mistake(_unknown_word_not_foreseen, "A word that is not in the vocabulary gets 1: code.get(word, 1)."),
        Mistake(
            _slice_of_an_empty_text,
            "An empty text has 0 codes, and row[-0:] is row[0:], the whole row. Count from the left instead.",
        ),
        Mistake(
            _not_cut,
            "A text with more words than `length` does not fit into its row: keep its last `length` codes.",
        ),
        Mistake(_zeros_behind_and_reversed, "The whole row is reversed: zeros first, then the words in their order."),
        Mistake(_padded_with_ones, "1 means an unknown word; the empty places get 0."),
        Mistake(_unknown_behind_the_vocabulary, "The code of unknown words is 1, before those of the vocabulary."),
        Mistake(_vocabulary_sorted, "The code follows from the place in `vocabulary` as it is: do not sort it."),
        Mistake(_ragged, "One array for all texts: shorter rows are filled up with zeros on the left."),
        Mistake(_of_strings, "The numbers are text; an Embedding looks up whole numbers."),
    ),
    alternatives=(_with_index, _column_by_column),
    hints=(
        "By hand, with vocabulary ['the', 'array'] and length 3: 'The old array', and 'array'.",
        "Three steps for each text: words, numbers, a row of the right length. An empty text and a text that is too "
        "long are the edges.",
        "code = {word: k + 2 for k, word in enumerate(vocabulary)}, and code.get(word, 1) for one word.",
    ),
)
