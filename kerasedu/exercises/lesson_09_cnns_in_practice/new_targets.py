"""Labels for a network that knows other classes: which samples belong, and their numbers from 0."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _labels(rng):
    for n, classes in [(12, [5, 6, 7, 8, 9]), (10, [7, 2, 9]), (1, [4]), (14, [9, 0, 5, 3]), (12, [2, 4, 8])]:
        labels = rng.integers(10, size=n)
        labels[: len(classes)] = rng.permutation(classes)  # each class at least once
        yield {"labels": rng.permutation(labels), "classes": np.array(classes)}


def new_targets(labels, classes):
    kept = np.isin(labels, classes)
    return kept, np.argmax(labels[kept][:, None] == classes, axis=1)


def _old_numbers(labels, classes):
    kept = np.isin(labels, classes)
    return kept, labels[kept]


def _smallest_subtracted(labels, classes):
    kept = np.isin(labels, classes)
    return kept, labels[kept] - classes.min()


def _first_subtracted(labels, classes):
    kept = np.isin(labels, classes)
    return kept, labels[kept] - classes[0]


def _remainder(labels, classes):
    kept = np.isin(labels, classes)
    return kept, labels[kept] % len(classes)


def _sorted_first(labels, classes):
    kept = np.isin(labels, classes)
    return kept, np.searchsorted(np.sort(classes), labels[kept])


def _searched_as_if_sorted(labels, classes):
    kept = np.isin(labels, classes)
    return kept, np.searchsorted(classes, labels[kept])


def _counted_from_one(labels, classes):
    kept, targets = new_targets(labels, classes)
    return kept, targets + 1


def _others_become_class_0(labels, classes):
    return np.isin(labels, classes), np.argmax(labels[:, None] == classes, axis=1)


def _everything_from_the_smallest(labels, classes):
    kept = labels >= classes.min()
    return kept, labels[kept] - classes.min()


def _one_hot(labels, classes):
    kept = np.isin(labels, classes)
    return kept, (labels[kept][:, None] == classes).astype("float64")


def _the_others(labels, classes):
    kept = ~np.isin(labels, classes)
    return kept, new_targets(labels, classes)[1]


def _places_instead_of_a_mask(labels, classes):
    kept, targets = new_targets(labels, classes)
    return np.flatnonzero(kept), targets


def _others_marked(labels, classes):
    kept, targets = new_targets(labels, classes)
    marked = np.full(len(labels), -1)
    marked[kept] = targets
    return kept, marked


def _by_a_dictionary(labels, classes):
    number = {label: k for k, label in enumerate(classes.tolist())}
    kept = [label in number for label in labels.tolist()]
    return [np.array(kept), np.array([number[label] for label in labels.tolist() if label in number])]


def _by_a_table(labels, classes):
    table = np.full(10, -1)
    table[classes] = np.arange(len(classes))
    targets = table[labels]
    return targets >= 0, targets[targets >= 0]


def _class_by_class(labels, classes):
    targets = -np.ones_like(labels)
    for k, label in enumerate(classes):
        targets[labels == label] = k
    return targets != -1, targets[targets != -1]


NEW_TARGETS = Exercise(
    id="new_targets",
    lesson="09",
    points=2,
    reference=new_targets,
    cases=_labels,
    results=("kept", "targets"),
    mistakes=(
        Mistake(_old_numbers, "The new model has one output for each class, numbered from 0: there is no output 9."),
        Mistake(_smallest_subtracted, "That fits 5, 6, 7, 8, 9 and no list with a gap or in another order."),
        Mistake(_first_subtracted, "That fits 5, 6, 7, 8, 9 and no list with a gap or in another order."),
        Mistake(_remainder, "The remainder fits 5 to 9 by accident; with other classes two may share a number."),
        Mistake(_sorted_first, "The target is the place in `classes` as given; here it is the place once sorted."),
        Mistake(_searched_as_if_sorted, "searchsorted wants a sorted list, and classes may come in any order."),
        Mistake(_counted_from_one, "Places are counted from 0, as the outputs are."),
        Mistake(_others_become_class_0, "Samples of other classes got a target, too: argmax of a row of False is 0."),
        Mistake(_everything_from_the_smallest, "A label can be above the smallest class and still not be listed."),
        Mistake(_one_hot, "Whole numbers were asked for, as the sparse loss takes them."),
        Mistake(_places_instead_of_a_mask, "kept has one True or False for each label, (n,); those are places."),
        Mistake(_the_others, "kept is True where the label is in classes; here it is the other way round."),
        Mistake(_others_marked, "Samples of other classes are left out of targets, not marked: (number kept,)."),
    ),
    alternatives=(_by_a_dictionary, _by_a_table, _class_by_class),
    hints=(
        "With classes [7, 2, 9] and labels [2, 3, 7]: which samples stay, and what are their targets?",
        "First decide for each label whether it is listed; then, for those that are, at which place of the list.",
        "labels[:, None] == classes is a table of True and False, a row for each sample, a column for each class.",
    ),
)
