"""Asynchronous training: each gradient belongs to the weights that its worker fetched."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _runs(rng):
    for d, arrivals in [
        (2, [0, 1, 0, 1, 1]),
        (1, [0, 0, 0]),  # a single worker: never stale
        (3, [2, 0, 0, 1, 2, 2, 0]),
        (2, [0, 1, 2, 3, 0, 1, 2, 3]),
        (1, [1]),
    ]:
        yield {
            "w": rng.normal(size=d) + 2,
            "curvature": rng.uniform(0.5, 2, size=d),
            "learning_rate": 0.3,
            "arrivals": arrivals,
        }


def _serve(w, curvature, learning_rate, arrivals, gradient_at, fetch_before=False, once=False, own=0):
    path, held, age = [w], {}, {}
    staleness = []
    for t, worker in enumerate(arrivals):
        fetched = held.get(worker, path[0])
        staleness.append(t - age.get(worker, 0) + own)
        path.append(path[-1] - learning_rate * curvature * gradient_at(path, fetched))
        if not once:
            held[worker], age[worker] = (path[-2], t) if fetch_before else (path[-1], t + 1)
    return np.array(path), np.array(staleness)


def parameter_server(w, curvature, learning_rate, arrivals):
    return _serve(w, curvature, learning_rate, arrivals, lambda path, fetched: fetched)


def _always_fresh(w, curvature, learning_rate, arrivals):
    return _serve(w, curvature, learning_rate, arrivals, lambda path, fetched: path[-1])


def _fresh_and_says_so(w, curvature, learning_rate, arrivals):
    return _always_fresh(w, curvature, learning_rate, arrivals)[0], np.zeros(len(arrivals), dtype=int)


def _fetched_before_its_own_update(w, curvature, learning_rate, arrivals):
    return _serve(w, curvature, learning_rate, arrivals, lambda path, fetched: fetched, fetch_before=True)


def _fetched_only_once(w, curvature, learning_rate, arrivals):
    return _serve(w, curvature, learning_rate, arrivals, lambda path, fetched: fetched, once=True)


def _own_update_counted(w, curvature, learning_rate, arrivals):
    return _serve(w, curvature, learning_rate, arrivals, lambda path, fetched: fetched, own=1)


def _updates_lost(w, curvature, learning_rate, arrivals):
    path, held = [w], {}
    for worker in arrivals:
        fetched = held.get(worker, w)
        held[worker] = fetched - learning_rate * curvature * fetched
        path.append(held[worker])
    return np.array(path), parameter_server(w, curvature, learning_rate, arrivals)[1]


def _counted_from_before_its_own_update(w, curvature, learning_rate, arrivals):
    staleness, last = [], {}
    for t, worker in enumerate(arrivals):
        staleness.append(t - last.get(worker, 0))
        last[worker] = t
    return parameter_server(w, curvature, learning_rate, arrivals)[0], np.array(staleness)


def _second_names(w, curvature, learning_rate, arrivals):
    start, now, path, fetched = w, w.copy(), [w], set()
    for worker in arrivals:
        now -= learning_rate * curvature * (now if worker in fetched else start)
        path.append(now.copy())
        fetched.add(worker)
    return np.array(path), parameter_server(w, curvature, learning_rate, arrivals)[1]


def _one_array_many_times(w, curvature, learning_rate, arrivals):
    path, staleness = _second_names(w, curvature, learning_rate, arrivals)
    return np.repeat(path[-1:], len(path), axis=0), staleness


def _first_fetch_when_delivering(w, curvature, learning_rate, arrivals):
    path, held, staleness = [w], {}, []
    for t, worker in enumerate(arrivals):
        fetched, since = held.get(worker, (path[-1], t))
        staleness.append(t - since)
        path.append(path[-1] - learning_rate * curvature * fetched)
        held[worker] = path[-1], t + 1
    return np.array(path), np.array(staleness)


def _always_n_minus_1(w, curvature, learning_rate, arrivals):
    path, delay = [w], len(set(arrivals)) - 1
    for t in range(len(arrivals)):
        path.append(path[-1] - learning_rate * curvature * path[max(t - delay, 0)])
    return np.array(path), np.minimum(np.arange(len(arrivals)), delay)


def _weights_for_gradient(w, curvature, learning_rate, arrivals):
    return parameter_server(w, np.ones_like(curvature), learning_rate, arrivals)


def _one_update_behind(w, curvature, learning_rate, arrivals):
    path = _serve(w, curvature, learning_rate, arrivals, lambda path, fetched: path[max(len(path) - 2, 0)])[0]
    return path, parameter_server(w, curvature, learning_rate, arrivals)[1]


def _start_left_out(w, curvature, learning_rate, arrivals):
    path, staleness = parameter_server(w, curvature, learning_rate, arrivals)
    return path[1:], staleness


def _fixed_staleness(w, curvature, learning_rate, arrivals):
    path, _ = parameter_server(w, curvature, learning_rate, arrivals)
    return path, np.full(len(arrivals), len(np.unique(arrivals)) - 1)


def _first_staleness_zero(w, curvature, learning_rate, arrivals):
    path, staleness = parameter_server(w, curvature, learning_rate, arrivals)
    first = np.array([worker not in arrivals[:t] for t, worker in enumerate(arrivals)])
    return path, np.where(first, 0, staleness)


def _last_weights_only(w, curvature, learning_rate, arrivals):
    path, staleness = parameter_server(w, curvature, learning_rate, arrivals)
    return path[-1], staleness


def _factor_2(w, curvature, learning_rate, arrivals):
    return parameter_server(w, curvature, 2 * learning_rate, arrivals)


def _upward(w, curvature, learning_rate, arrivals):
    return parameter_server(w, curvature, -learning_rate, arrivals)


def _loss_for_gradient(w, curvature, learning_rate, arrivals):
    return _serve(w, curvature, learning_rate, arrivals, lambda path, fetched: fetched**2 / 2)


def _along_the_path(w, curvature, learning_rate, arrivals, index):
    path, staleness = [w], parameter_server(w, curvature, learning_rate, arrivals)[1]
    for tau in staleness:
        path.append(path[-1] - learning_rate * curvature * path[index(len(path), tau)])
    return np.array(path), staleness


def _one_too_old(w, curvature, learning_rate, arrivals):
    return _along_the_path(w, curvature, learning_rate, arrivals, lambda rows, tau: max(rows - 2 - tau, 0))


def _counted_from_the_end(w, curvature, learning_rate, arrivals):
    return _along_the_path(w, curvature, learning_rate, arrivals, lambda rows, tau: -max(tau, 1))


def _changes_w(w, curvature, learning_rate, arrivals):
    path, staleness = [w.copy()], parameter_server(w, curvature, learning_rate, arrivals)[1]
    for _ in arrivals:
        w -= learning_rate * curvature * w
        path.append(w.copy())
    return np.array(path), staleness


def _from_the_times(w, curvature, learning_rate, arrivals):
    path, staleness = np.zeros((len(arrivals) + 1, len(w))), np.zeros(len(arrivals), dtype=int)
    path[0] = w
    for t in range(len(arrivals)):
        earlier = np.flatnonzero(np.array(arrivals[:t]) == arrivals[t])
        fetched = earlier[-1] + 1 if len(earlier) else 0
        path[t + 1] = path[t] - learning_rate * curvature * path[fetched]
        staleness[t] = t - fetched
    return path, staleness


def _counting_versions(w, curvature, learning_rate, arrivals):
    workers = int(max(arrivals)) + 1
    held, versions = [w.copy() for _ in range(workers)], [0] * workers
    now, path, staleness = w.copy(), [w.copy()], []
    for version, worker in enumerate(arrivals):
        now = now - learning_rate * (curvature * held[worker])
        path.append(now)
        staleness.append(float(version - versions[worker]))
        held[worker], versions[worker] = now, version + 1
    return [np.stack(path), np.array(staleness)]


PARAMETER_SERVER = Exercise(
    id="parameter_server",
    lesson="14",
    points=4,
    reference=parameter_server,
    cases=_runs,
    mistakes=(
        Mistake(
            _always_fresh,
            "The gradient is taken at the server's present weights. The worker saw others: those it fetched.",
            12,
        ),
        Mistake(
            _fresh_and_says_so,
            "Here nothing is ever stale: every worker seems to know the weights of this moment. It knows those it "
            "fetched after its own last delivery.",
            12,
        ),
        Mistake(
            _fetched_before_its_own_update,
            "First the server applies what was delivered, then the worker fetches. Yours fetches too early.",
        ),
        Mistake(_fetched_only_once, "A worker fetches again after each of its deliveries."),
        Mistake(_own_update_counted, "The path is right. Count the updates between fetching and this one, without it."),
        Mistake(
            _updates_lost,
            "The new weights start from the worker's old ones, so what others did since is lost. The server subtracts "
            "the step from its own weights.",
        ),
        Mistake(
            _one_update_behind,
            "Not every gradient is one update old: ask when this very worker fetched.",
        ),
        Mistake(_start_left_out, "The path has steps + 1 rows; the first is w itself."),
        Mistake(_fixed_staleness, "The path is right. Staleness is the number of updates since this worker fetched."),
        Mistake(
            _first_staleness_zero,
            "The path is right. At its first delivery a worker holds the weights of the start: how old are they?",
        ),
        Mistake(
            _counted_from_before_its_own_update,
            "The path is right. A worker fetches after its own update, so that one doesn't count.",
        ),
        Mistake(
            _second_names,
            "What a worker holds changes with the server's w: a second name of the same array, and `-=` changes it.",
            12,
        ),
        Mistake(
            _one_array_many_times,
            "All rows of the path are the last weights: the list holds one array many times, and `-=` changes it.",
        ),
        Mistake(
            _first_fetch_when_delivering,
            "Every worker fetched w at the very start, also one that delivers late for the first time.",
        ),
        Mistake(
            _always_n_minus_1,
            "That holds if the workers deliver in turn. Here arrivals says who delivers; ask when this one fetched.",
        ),
        Mistake(_last_weights_only, "All weights on the way are asked for: steps + 1 rows."),
        Mistake(_factor_2, "The derivative of λ w² / 2 is λ w: the factors 2 and 1/2 cancel."),
        Mistake(_upward, "The step goes against the gradient."),
        Mistake(_loss_for_gradient, "That is a loss; its gradient is curvature · w, entry by entry."),
        Mistake(_one_too_old, "These weights are one update older than those that the worker fetched."),
        Mistake(
            _counted_from_the_end,
            "path[-1] is the newest entry and has staleness 0; which index has an entry that is τ updates older?",
        ),
        Mistake(
            _changes_w,
            "`w -= …` changes the array that came in, and with it what all workers hold: each has only another name "
            "for it.",
            12,
        ),
        Mistake(_weights_for_gradient, "The gradient of the loss is curvature · w, at the weights that were fetched."),
    ),
    alternatives=(_from_the_times, _counting_versions),
    hints=(
        "Follow arrivals 0, 1, 0 on paper: which weights does each worker hold before and after each delivery?",
        "Keep for every worker the weights it fetched, and the number of updates at that time; all start with w and 0. "
        "After its delivery a worker gets the newest of both.",
        "w = w - learning_rate * curvature * held[worker]; then held[worker] = w.",
    ),
    tolerance=1024.0,
    results=("path", "staleness"),
)
