"""``Optimizer``: from gradients to changed variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from kerasedu.configurable import Configurable, serialize, snake_case
from kerasedu.memory import keep_freed_memory
from kerasedu.optimizers import schedules
from kerasedu.optimizers.checks import check_clipping, check_count, check_variables, match
from kerasedu.optimizers.clipping import clip_by_global_norm, clip_by_norm, clip_by_value
from kerasedu.optimizers.decay import WeightDecay
from kerasedu.optimizers.joined import Joined, joined
from kerasedu.optimizers.parts import Part, parts
from kerasedu.optimizers.rounding import like_keras
from kerasedu.threads import in_threads
from kerasedu.variable import Variable


class Optimizer(Configurable):
    """A rule that changes variables so as to lower a loss, given the gradients of the loss.

    One step does, in Keras's order: clip the gradients, decay the weights, update, average, apply the constraints.

    A new rule is one short method, ``update_step``. If the rule remembers something about each variable (a velocity,
    say), ``build`` asks for the slots:

        class Momentum(Optimizer):
            def build(self, variables):
                super().build(variables)
                self.add_slots("momentum")

            def update_step(self, gradient, variable, learning_rate):
                (m,) = self.slots(variable)
                m[...] = 0.9 * m - learning_rate * gradient
                variable.value += m

    Arguments:
        learning_rate: η, the length of a step: a number, a schedule, or a function without arguments. A number is
            kept as it is and rounded to each variable's type when used. (Keras rounds it to ``floatx()`` first, so
            float64 variables see 0.0010000000475 for 0.001 there, unless ``floatx()`` is float64.)
        weight_decay: λ; before each update w shrinks by η λ w.
        clipnorm: each gradient is scaled so that its norm is at most this.
        clipvalue: each element of a gradient is forced into [-clipvalue, clipvalue].
        global_clipnorm: all gradients are scaled together so that their common norm is at most this.
        use_ema: keep a moving average of the weights, w̄ ← β w̄ + (1 - β) w, for ``finalize_variable_values``.
        ema_momentum: β of that average.
        ema_overwrite_frequency: copy w̄ into w every so many steps.
        loss_scale_factor: divide gradients by this (``scale_loss`` multiplies the loss by it).
        gradient_accumulation_steps: update only every so many calls, with the mean of their gradients.
        name: what messages call it.

    Source: https://keras.io/api/optimizers/
    """

    def __init__(
        self,
        learning_rate,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs,
    ):
        self.name = name or snake_case(type(self).__name__)
        if kwargs:
            hint = " The learning rate is called learning_rate." if "lr" in kwargs else ""
            raise self._error(f"has no argument {', '.join(kwargs)}.{hint}")
        check_clipping(type(self).__name__, clipnorm=clipnorm, clipvalue=clipvalue, global_clipnorm=global_clipnorm)
        if use_ema and not 0 <= ema_momentum <= 1:
            raise self._error(f"expected ema_momentum in [0, 1], got {ema_momentum!r}")
        if ema_overwrite_frequency:
            check_count(type(self).__name__, 1, ema_overwrite_frequency=ema_overwrite_frequency)
        if gradient_accumulation_steps:
            check_count(type(self).__name__, 2, gradient_accumulation_steps=gradient_accumulation_steps)
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.use_ema = use_ema
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps

        self.built = False
        self._iterations = Variable(0, "iteration", dtype="int64", trainable=False)
        self._learning_rate: Variable | Callable = self._as_learning_rate(learning_rate)
        self._trainable_variables: list[Variable] = []
        self._state: list[Variable] = []
        self._slots: dict[int, dict[str, Variable]] = {}
        self._joined: list[Joined] = []
        self._model_variables_moving_average: list[Variable] = []
        self._accumulated_gradients: dict[int, Variable] = {}
        self._decay = WeightDecay()

    # -- what a subclass says -----------------------------------------------------------------------------------

    def build(self, variables: Sequence[Variable]) -> None:
        """Take charge of ``variables``. A subclass then asks for its slots with ``add_slots``."""
        if self.built:
            return
        keep_freed_memory()
        self.built = True
        self._trainable_variables = list(variables)
        self._slots = {id(variable): {} for variable in variables}
        self._joined = list(joined(variables)) if self._is_elementwise() else []
        if self.use_ema:
            self._model_variables_moving_average = [self._add_state(variable, "average") for variable in variables]
        if self.gradient_accumulation_steps:
            self._accumulated_gradients = {id(v): self._add_state(v, "gradient_accumulator") for v in variables}

    def update_step(self, gradient: np.ndarray, variable: Variable, learning_rate: np.floating) -> None:
        """Change ``variable.value`` in place. The gradient and the learning rate have the variable's type.

        For the rules of this package, which treat each number for itself, ``variable`` may be a ``Part`` of a large
        variable or several small ones ``Joined``: it has ``value`` and ``slots(variable)``, and no shape to rely on.
        """
        raise NotImplementedError(f"{type(self).__name__} lacks update_step(gradient, variable, learning_rate)")

    def update(self, gradients: Sequence[np.ndarray], variables: Sequence[Variable]) -> None:
        """One ``update_step`` for each variable, for small ones together. What a rule does once a step it does here."""
        learning_rate = self.learning_rate
        for gradient, variable in self._small_ones_joined(gradients, variables):
            rate = variable.value.dtype.type(learning_rate)
            shared_out = parts(variable) if self._is_elementwise() else []
            if shared_out:
                step = partial(self._update_part, gradient, learning_rate=rate)
                in_threads(step, shared_out, has_products=False)
            else:
                self.update_step(gradient, variable, rate)

    def add_slots(self, *names: str, initial_value: float = 0.0) -> None:
        """Give each variable an array of its shape and type under each of ``names``."""
        for variable in self._trainable_variables:
            slots = self._slots[id(variable)]
            for name in names:
                if name not in slots:
                    slots[name] = self._add_state(variable, name, initial_value)
        for small in self._joined:
            for name in names:
                small.add_slot(name, [self._slots[id(variable)][name] for variable in small.variables])

    def slots(self, variable: Variable | Part | Joined) -> Iterable[np.ndarray]:
        """The variable's slots, in the order of ``add_slots``, to be changed in place."""
        if isinstance(variable, Joined):
            return variable.slots.values()
        if isinstance(variable, Part):
            return [variable.of(slot.value) for slot in self._slots[id(variable.whole)].values()]
        return [slot.value for slot in self._slots[id(variable)].values()]

    # -- applying gradients -------------------------------------------------------------------------------------

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Variable]]) -> None:
        """One step, from pairs (dL/dw, w)."""
        pairs = list(grads_and_vars)
        self.apply([gradient for gradient, _ in pairs], [variable for _, variable in pairs])

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Variable] | None = None) -> None:
        """One step.

        Arguments:
            grads: dL/dw for each variable, in its shape. None leaves its variable alone, with a warning.
            trainable_variables: the variables; by default those of ``build``. The first call builds the optimizer.

        Raises:
            ValueError: all gradients are None, a gradient has not its variable's shape, or a variable is not one of
                those that the optimizer was built for.
        """
        if len(grads) == 0:
            return
        gradients, variables = match(type(self).__name__, grads, self._known(trainable_variables))
        # NaN and infinity go through as in Keras, without NumPy's warnings: Model.fit says where they began.
        with np.errstate(all="ignore"):
            if self.loss_scale_factor is not None:
                gradients = [gradient / self.loss_scale_factor for gradient in gradients]
            if self.gradient_accumulation_steps:
                gradients = self._accumulate(gradients, variables)
            if gradients:
                gradients = self._clip_gradients(gradients)
                if self.weight_decay is not None:
                    self._decay.apply(variables, self.weight_decay, self.learning_rate)
                self.update(gradients, variables)
            if self.use_ema:
                self._average()
            for variable in variables:
                if variable.constraint is not None:
                    variable.assign(variable.constraint(variable.value))
        self._iterations.value += 1

    def exclude_from_weight_decay(
        self, var_list: Sequence[Variable] | None = None, var_names: Sequence[str] | None = None
    ) -> None:
        """Spare some variables from ``weight_decay``.

        Arguments:
            var_list: these variables.
            var_names: and those in whose path, as ``"dense/bias"``, one of these regular expressions is found.
        """
        self._decay.exclude(var_list, var_names)

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """At the end of training: the moving averages become the weights, if ``use_ema``."""
        if not self.use_ema:
            return
        averages = self._model_variables_moving_average
        if len(var_list) != len(averages):
            raise self._error(f"keeps averages of {len(averages)} variables, got {len(var_list)}")
        for variable, average in zip(var_list, averages):
            variable.assign(average.value)

    def scale_loss(self, loss):
        """The loss times ``loss_scale_factor``, if there is one."""
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    # -- state --------------------------------------------------------------------------------------------------

    @property
    def iterations(self) -> int:
        """How many updates have been made."""
        return int(self._iterations.value) // (self.gradient_accumulation_steps or 1)

    @property
    def learning_rate(self) -> float:
        """η now. It can be set: to a number, a schedule, or a function without arguments."""
        rate = self._learning_rate
        if isinstance(rate, Variable):
            return float(rate.value)
        return rate(int(self._iterations.value)) if isinstance(rate, schedules.LearningRateSchedule) else rate()

    @learning_rate.setter
    def learning_rate(self, value) -> None:
        if isinstance(self._learning_rate, schedules.LearningRateSchedule) and not callable(value):
            raise self._error(
                f"follows {self._learning_rate!r}, so its learning rate cannot be set to {value!r}. "
                "Make the optimizer with a number, or set another schedule."
            )
        rate = self._as_learning_rate(value)
        if isinstance(rate, Variable) and isinstance(self._learning_rate, Variable):
            self._learning_rate.assign(rate.value)
        else:
            self._learning_rate = rate

    @property
    def variables(self) -> list[Variable]:
        """All that a training run needs in order to go on: step counter, learning rate, slots; in Keras's order."""
        rate = [self._learning_rate] if isinstance(self._learning_rate, Variable) else []
        return [self._iterations, *rate, *self._state]

    def get_config(self) -> dict[str, Any]:
        rate = self.learning_rate if isinstance(self._learning_rate, Variable) else self._learning_rate
        return {**super().get_config(), "learning_rate": serialize(rate)}

    # -- inside -------------------------------------------------------------------------------------------------

    def _error(self, message: str) -> ValueError:
        return ValueError(f"{type(self).__name__} {message}")

    def _as_learning_rate(self, value) -> Variable | Callable:
        if isinstance(value, Mapping):
            value = schedules.get(value)
        if callable(value):
            return value
        rate = np.asarray(value)
        if rate.ndim or rate.dtype.kind not in "fiu" or not 0 <= rate < np.inf:
            raise self._error(f"expected learning_rate to be a number >= 0, a schedule or a function, got {value!r}")
        return Variable(rate, "learning_rate", dtype="float64", trainable=False)

    def _is_elementwise(self) -> bool:
        """Whether ``update_step`` treats each number for itself, as all rules of this package do."""
        return type(self).update_step.__module__.startswith("kerasedu.")

    def _small_ones_joined(self, gradients: Sequence, variables: Sequence[Variable]) -> Iterator[tuple]:
        """Pairs (gradient, variable): first the small ones joined, if each has a gradient; then the others."""
        left = {id(variable): (gradient, variable) for gradient, variable in zip(gradients, variables)}
        if len(left) < len(variables):  # a variable comes twice: one update after the other
            yield from zip(gradients, variables)
            return
        for small in self._joined:
            if all(id(variable) in left for variable in small.variables):
                small.load()
                yield small.flat([left.pop(id(variable))[0] for variable in small.variables]), small
                small.store()
        yield from left.values()

    def _update_part(self, gradient: np.ndarray, part: Part, learning_rate: np.floating) -> None:
        self.update_step(part.of(gradient), part, learning_rate)

    def _add_state(self, variable: Variable, name: str, value: float = 0.0) -> Variable:
        name = f"{variable.path}_{name}".replace("/", "_")
        slot = Variable(np.full_like(variable.value, like_keras(value, variable)), name, trainable=False)
        self._state.append(slot)
        return slot

    def _known(self, variables: Sequence[Variable] | None) -> list[Variable]:
        if variables is None:
            if not self.built:
                raise self._error("was given gradients without variables before build(variables)")
            return self._trainable_variables
        check_variables(type(self).__name__, variables)
        if not self.built:
            self.build(variables)
        for variable in variables:
            if id(variable) not in self._slots:
                raise self._error(
                    f"was built for other variables than {variable.path!r}: it keeps state for each of them. "
                    "Compile with a new optimizer: for a new model, and after trainable = True."
                )
        return list(variables)

    def _accumulate(self, gradients: list[np.ndarray], variables: list[Variable]) -> list[np.ndarray]:
        """The mean gradient when it is time for an update, otherwise nothing."""
        sums = [self._accumulated_gradients[id(variable)].value for variable in variables]
        for total, gradient in zip(sums, gradients):
            total += gradient
        if (self._iterations.value + 1) % self.gradient_accumulation_steps:
            return []
        means = [total / self.gradient_accumulation_steps for total in sums]
        for accumulator in self._accumulated_gradients.values():
            accumulator.value[...] = 0
        return means

    def _clip_gradients(self, gradients: list[np.ndarray]) -> list[np.ndarray]:
        if self.clipnorm and self.clipnorm > 0:
            return [clip_by_norm(gradient, self.clipnorm) for gradient in gradients]
        if self.global_clipnorm and self.global_clipnorm > 0:
            return clip_by_global_norm(gradients, self.global_clipnorm)
        if self.clipvalue and self.clipvalue > 0:
            return [clip_by_value(gradient, self.clipvalue) for gradient in gradients]
        return gradients

    def _average(self) -> None:
        """w̄ ← β w̄ + (1 - β) w, starting from w̄ = w."""
        for variable, average in zip(self._trainable_variables, self._model_variables_moving_average):
            beta = variable.value.dtype.type(self.ema_momentum if self.iterations else 0)
            average.value[...] = beta * average.value + (1 - beta) * variable.value
        if self.ema_overwrite_frequency and (self.iterations + 1) % self.ema_overwrite_frequency == 0:
            self.finalize_variable_values(self._trainable_variables)
