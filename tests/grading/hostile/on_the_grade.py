"""Attacks on the grade: a wrong answer that would pass for right, or a right one that is not the learner's."""

from case import ALL, RIGHT, WRONG, Case, attack, contained

WRONG_OUTCOME, CRASHED, GRADED = "wrong", "crashed", "graded"

CASES = [
    attack(
        "patches_numpy",
        WRONG_OUTCOME,
        """
        import numpy as np, numpy.testing
        np.allclose = np.array_equal = lambda *a, **k: True
        numpy.testing.assert_allclose = lambda *a, **k: None
        """,
        then=WRONG,
    ),
    attack(
        "patches_builtins",
        WRONG_OUTCOME,
        """
        import builtins
        builtins.all = builtins.any = lambda *a: True
        builtins.abs = lambda x: 0
        """,
        then=WRONG,
    ),
    attack(
        "defines_check",
        WRONG_OUTCOME,
        """
        def check(*arguments):
            return 3.0
        evaluate = answer = check
        """,
        then=WRONG,
    ),
    attack(
        "plants_a_module",
        WRONG_OUTCOME,
        """
        import sys, types
        fake = types.ModuleType('kerasedu.exercises')
        fake.check = lambda *a: 3.0
        sys.modules['kerasedu'] = sys.modules['kerasedu.exercises'] = fake
        """,
        then=WRONG,
    ),
    attack(
        "ast_transformer",
        CRASHED,
        """
        import ast
        class NoAsserts(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()
        get_ipython().ast_transformers.append(NoAsserts())
        """,
    ),
    attack(
        "input_transformer",
        CRASHED,
        """
        get_ipython().input_transformers_cleanup.append(lambda lines: ['3.0'])
        """,
    ),
    attack(
        "replaces_run_cell",
        CRASHED,
        """
        get_ipython().run_cell = lambda *a, **k: 3.0
        """,
    ),
    attack(
        "reads_tests_from_in",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            return eval(In[-1])
        """,
    ),
    attack(
        "equal_to_everything",
        WRONG_OUTCOME,
        """
        class Equal:
            def __eq__(self, other): return True
            def __array__(self, *a, **k): return self
            def __getattr__(self, name): return self
            shape = dtype = ndim = property(lambda self: self)
        def dense_columns(x, kernel, bias):
            return Equal()
        """,
    ),
    attack(
        "subclass_of_array",
        WRONG_OUTCOME,
        """
        import numpy as np
        class Equal(np.ndarray):
            def __eq__(self, other): return np.True_
            def __sub__(self, other): return np.zeros(self.shape)
            __rsub__ = __sub__
        def dense_columns(x, kernel, bias):
            return (kernel.T @ x).view(Equal)
        """,
    ),
    attack(
        "object_array",
        WRONG_OUTCOME,
        """
        import numpy as np
        def dense_columns(x, kernel, bias):
            return np.array([[object()]])
        """,
    ),
    attack(
        "pickle",
        WRONG_OUTCOME,
        """
        import os
        class Bomb:
            def __reduce__(self):
                return os.system, ('touch {root}/escaped',)
        def dense_columns(x, kernel, bias):
            return Bomb()
        """,
    ),
    attack(
        "deeply_nested",
        WRONG_OUTCOME,
        """
        def dense_columns(x, kernel, bias):
            nest = []
            for _ in range(100):
                nest = [nest]
            return nest
        """,
    ),
    attack(
        "hard_coded",
        WRONG_OUTCOME,
        """
        import numpy as np
        def dense_columns(x, kernel, bias):
            seen = {(3, 2): [[1.0, 2.0], [3.0, 4.0]]}
            return np.array(seen.get(x.shape, np.zeros((kernel.shape[1], x.shape[1]))))
        """,
    ),
    attack(
        "calls_the_reference",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            from kerasedu.exercises.lesson_01_matrix_operations.dense_columns import DENSE_COLUMNS
            return DENSE_COLUMNS.reference(x, kernel, bias)
        """,
    ),
    attack(
        "calls_keras",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import tensorflow as tf
            return tf.keras.layers.Dense(3)(x.T).numpy().T
        """,
    ),
    attack(
        "reads_frames",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import sys
            frame = sys._getframe()
            while frame:
                for name in ('expected', 'reference', 'right', 'exercise'):
                    if name in frame.f_locals:
                        return frame.f_locals[name]
                frame = frame.f_back
            raise LookupError
        """,
    ),
    attack(
        "searches_the_garbage",
        WRONG_OUTCOME,
        """
        def dense_columns(x, kernel, bias):
            import gc
            import numpy as np
            wanted = (kernel.shape[1], x.shape[1])
            found = [o for o in gc.get_objects() if isinstance(o, np.ndarray) and o.shape == wanted]
            return found[0] if found else np.zeros(wanted)
        """,
    ),
    attack(
        "forges_replies",
        CRASHED,
        """
        import os, json, struct
        reply = json.dumps({'value': 3.0, 'points': 3.0, 'right': True}).encode()
        for descriptor in range(3, 20):
            try:
                os.write(descriptor, struct.pack('<II', len(reply), 0) + reply)
            except OSError:
                pass
        def dense_columns(x, kernel, bias):
            raise ValueError
        """,
    ),
    attack(
        "garbage_frames",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os
            for descriptor in range(3, 20):
                try:
                    os.write(descriptor, os.urandom(64))
                except OSError:
                    pass
        """,
    ),
    attack(
        "impossible_frames",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import json
            array = {'t': 'array', 'dtype': '|O', 'shape': [10**12], 'order': 'C', 'size': 8}
            json.dumps = lambda *a, **k: '{"value": ' + repr(array).replace("'", '"') + '}'
            return 1.0
        """,
    ),
    attack(
        "endless_names",
        WRONG_OUTCOME,
        """
        Long = type('x' * 100_000, (), {})
        def dense_columns(x, kernel, bias):
            return Long()
        """,
    ),
    attack(
        "endless_error",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            raise ValueError('<script>alert(1)</script>' * 10_000)
        """,
    ),
    attack(
        "changes_its_arguments",
        WRONG_OUTCOME,
        """
        def dense_columns(x, kernel, bias):
            right = kernel.T @ x + bias[:, None]
            x[...] = 0
            return right
        """,
    ),
    Case(
        "answers_with_a_script",
        ALL,
        GRADED,
        {"explain_broadcast": "Shapes (n,) < (n, n). <script>alert(1)</script> <IMG SRC=x onerror=alert(1)> <!-- x"},
    ),
    attack(
        "prints_a_script",
        GRADED,
        """
        print('<script>alert(1)</script>')
        """,
        then=RIGHT,
        points=ALL,
    ),
    contained(
        "asks_for_the_seed",
        """
        import wire
        if [n for n in vars(sys.modules['__main__']) if 'seed' in n or 'catalogue' in n]:
            succeeded()
        """,
    ),
]
