"""From an answer to a grade: the editions of a lesson, the learner's copies, and their checks."""
