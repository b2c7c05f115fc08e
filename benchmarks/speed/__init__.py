"""Milliseconds per training step of kerasedu, tf.keras and their peers on the processor of this machine.

    make bench                                       everything, about twenty minutes
    python -m benchmarks.speed --only lstm           workloads whose name contains "lstm"; --help lists the options

Every figure comes from a process of its own, and the libraries take turns: only ratios of figures that were measured
one after the other say something on a machine that does other things too.

To read: `workloads` (what is trained), `libraries` (how each library does it; how to add one), `process` (what is
timed), `command` (who runs when), `results` (medians and ratios), `goals`, `table`, `figure`.
"""
