"""Where a learner's code runs: a process of its own, confined by bubblewrap, that answers calls with plain data.

    launcher = bubblewrap.Bubblewrap(Limits())
    with Session(launcher) as session:
        session.run("softmax", source)              # an answer cell
        softmax = session.fetch("softmax")          # a Stub: arrays in, arrays out
        softmax(z)

``worker.py`` and ``wire.py`` are all of the course that the sandbox can see.
"""
