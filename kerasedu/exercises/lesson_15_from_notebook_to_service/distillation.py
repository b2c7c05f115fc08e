"""The loss of a student that imitates a teacher's softened probabilities, and its gradient."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _logits(rng):
    for n, classes, temperature, size, dtype in [
        (4, 3, 2.0, 2.0, "float64"),
        (1, 5, 4.0, 3.0, "float64"),
        (3, 3, 1.0, 1.5, "float64"),
        (5, 2, 3.0, 2.0, "float32"),
        (8, 4, 2.0, 3000.0, "float64"),  # exp overflows, probabilities underflow
    ]:
        teacher, student = (size * rng.normal(size=(n, classes)) for _ in range(2))
        yield {
            "teacher": teacher.astype(dtype),
            "student": student.astype(dtype),
            "temperature": temperature,
        }


def _log_softmax(z, axis=1):
    shifted = z - z.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _divergence(log_p, log_q):
    """KL divergence of q from p, for each sample."""
    return (np.exp(log_p) * (log_p - log_q)).sum(axis=1)


def _logs(teacher, student, temperature):
    return _log_softmax(teacher / temperature), _log_softmax(student / temperature)


def distillation(teacher, student, temperature):
    log_p, log_q = _logs(teacher, student, temperature)
    loss = temperature**2 * _divergence(log_p, log_q).mean()
    return loss, temperature * (np.exp(log_q) - np.exp(log_p)) / len(student)


def _not_softened(teacher, student, temperature):
    return distillation(teacher, student, 1.0)


def _factor_forgotten(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss / temperature**2, gradient / temperature**2


def _factor_once(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss / temperature, gradient / temperature


def _inner_derivative_forgotten(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss, temperature * gradient


def _gradient_without_factor(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss, gradient / temperature


def _only_teacher_softened(teacher, student, temperature):
    log_p, log_q = _log_softmax(teacher / temperature), _log_softmax(student)
    loss = temperature**2 * _divergence(log_p, log_q).mean()
    return loss, temperature**2 * (np.exp(log_q) - np.exp(log_p)) / len(student)


def _only_student_softened(teacher, student, temperature):
    log_p, log_q = _log_softmax(teacher), _log_softmax(student / temperature)
    loss = temperature**2 * _divergence(log_p, log_q).mean()
    return loss, temperature * (np.exp(log_q) - np.exp(log_p)) / len(student)


def _roles_exchanged(teacher, student, temperature):
    return distillation(student, teacher, temperature)


def _reversed_divergence(teacher, student, temperature):
    log_p, log_q = _logs(teacher, student, temperature)
    _, gradient = distillation(teacher, student, temperature)
    return temperature**2 * _divergence(log_q, log_p).mean(), gradient


def _crossentropy(teacher, student, temperature):
    log_p, log_q = _logs(teacher, student, temperature)
    _, gradient = distillation(teacher, student, temperature)
    return -(temperature**2) * (np.exp(log_p) * log_q).sum(axis=1).mean(), gradient


def _sum_over_the_batch(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss * len(student), gradient * len(student)


def _gradient_of_the_sum(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss, gradient * len(student)


def _mean_over_classes_too(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss / student.shape[1], gradient / student.shape[1]


def _uphill(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss, -gradient


def _sign_of_the_loss(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return -loss, gradient


def _loss_without_factor(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss / temperature**2, gradient


def _multiplied_by_temperature(teacher, student, temperature):
    log_p, log_q = _logs(teacher, student, 1 / temperature)
    loss = temperature**2 * _divergence(log_p, log_q).mean()
    return loss, temperature * (np.exp(log_q) - np.exp(log_p)) / len(student)


def _loss_of_each_sample(teacher, student, temperature):
    _, gradient = distillation(teacher, student, temperature)
    return temperature**2 * _divergence(*_logs(teacher, student, temperature)), gradient


def _gradient_of_the_mean_of_all(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss, gradient / student.shape[1]


def _softmax_over_the_batch(teacher, student, temperature):
    log_p, log_q = _log_softmax(teacher / temperature, 0), _log_softmax(student / temperature, 0)
    loss = temperature**2 * _divergence(log_p, log_q).mean()
    return loss, temperature * (np.exp(log_q) - np.exp(log_p)) / len(student)


def _no_shift(teacher, student, temperature):
    p, q = (np.exp(z / temperature) for z in (teacher, student))
    p, q = p / p.sum(axis=1, keepdims=True), q / q.sum(axis=1, keepdims=True)
    loss = temperature**2 * (p * np.log(p / q)).sum(axis=1).mean()
    return loss, temperature * (q - p) / len(student)


def _one_shift_for_all(teacher, student, temperature):
    p, q = (np.exp((z - z.max()) / temperature) for z in (teacher, student))
    log_p, log_q = (np.log(e) - np.log(e.sum(axis=1, keepdims=True)) for e in (p, q))
    loss = temperature**2 * _divergence(log_p, log_q).mean()
    return loss, temperature * (np.exp(log_q) - np.exp(log_p)) / len(student)


def _zeros_left_out(teacher, student, temperature):
    p, q = (np.exp(log) for log in _logs(teacher, student, temperature))
    both = (p > 0) & (q > 0)
    terms = p[both] * np.log(p[both] / q[both])
    return temperature**2 * terms.sum() / len(student), temperature * (q - p) / len(student)


def _log_of_zero(teacher, student, temperature):
    p, q = (np.exp(log) for log in _logs(teacher, student, temperature))
    loss = temperature**2 * (p * (np.log(p) - np.log(q))).sum(axis=1).mean()
    return loss, temperature * (q - p) / len(student)


def _clipped_probabilities(teacher, student, temperature):
    p, q = (np.exp(log) for log in _logs(teacher, student, temperature))
    log_p, log_q = np.log(np.clip(p, 1e-7, 1)), np.log(np.clip(q, 1e-7, 1))
    loss = temperature**2 * (p * (log_p - log_q)).sum(axis=1).mean()
    return loss, temperature * (q - p) / len(student)


def _small_number_added(teacher, student, temperature):
    p, q = (np.exp(log) for log in _logs(teacher, student, temperature))
    loss = temperature**2 * (p * np.log((p + 1e-7) / (q + 1e-7))).sum(axis=1).mean()
    return loss, temperature * (q - p) / len(student)


def _mean_of_all_terms(teacher, student, temperature):
    loss, gradient = distillation(teacher, student, temperature)
    return loss / student.shape[1], gradient


def _softened_afterwards(teacher, student, temperature):
    log_p, log_q = _log_softmax(teacher) / temperature, _log_softmax(student) / temperature
    loss = temperature**2 * _divergence(log_p, log_q).mean()
    return loss, temperature * (np.exp(log_q) - np.exp(log_p)) / len(student)


def _sample_by_sample(teacher, student, temperature):
    n = len(student)
    loss, gradient = 0.0, np.zeros_like(student)
    for i in range(n):
        s, t = student[i] / temperature, teacher[i] / temperature
        log_q, log_p = s - np.logaddexp.reduce(s), t - np.logaddexp.reduce(t)
        loss += float(np.dot(np.exp(log_p), log_p - log_q)) / n
        gradient[i] = temperature / n * (np.exp(log_q) - np.exp(log_p))
    return loss * temperature**2, gradient


def _entropies(teacher, student, temperature):
    z = np.stack([teacher, student]) / temperature
    z = z - z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    total = e.sum(axis=-1, keepdims=True)
    p, q = e / total
    log_p, log_q = z - np.log(total)
    crossentropy, entropy = -np.sum(p * log_q, axis=-1), -np.sum(p * log_p, axis=-1)
    return [np.mean(crossentropy - entropy) * temperature**2, (q - p) * temperature / student.shape[0]]


DISTILLATION = Exercise(
    id="distillation",
    lesson="15",
    points=4,
    reference=distillation,
    cases=_logits,
    mistakes=(
        Mistake(_not_softened, "Both logits are divided by the temperature before softmax."),
        Mistake(_factor_forgotten, "T² is missing: without it gradients shrink as the temperature grows."),
        Mistake(_factor_once, "The factor is T², not T: one T for 1/T in front of the logits, one for flat softmax."),
        Mistake(
            _inner_derivative_forgotten,
            "The loss is right. In its gradient, d(s/T)/ds = 1/T belongs to the chain, so one T of T² is left.",
        ),
        Mistake(_gradient_without_factor, "The loss is right; its gradient lost the factor T²: T² · 1/T = T is left."),
        Mistake(_only_teacher_softened, "The student's logits are divided by the temperature, too."),
        Mistake(_only_student_softened, "The teacher's logits are divided by the temperature, too."),
        Mistake(
            _roles_exchanged, "Teacher and student have changed places: p, which weighs the sum, is the teacher's."
        ),
        Mistake(
            _reversed_divergence, "The sum is weighted with p, the teacher's probabilities, not with the student's."
        ),
        Mistake(
            _crossentropy,
            "That is the cross-entropy: its gradient is right, but a perfect student would not have the loss 0.",
        ),
        Mistake(
            _sum_over_the_batch,
            "The loss is the mean over the samples: write the batch twice, and it must not change.",
            7,
        ),
        Mistake(_gradient_of_the_sum, "The loss is a mean over the samples, so its gradient has 1/n.", 7),
        Mistake(_mean_over_classes_too, "Over the classes it is a sum; only over the samples a mean.", 7),
        Mistake(_uphill, "The loss is right; its gradient points the other way."),
        Mistake(_sign_of_the_loss, "A divergence is never negative: is it ln(p / q), not ln(q / p)?"),
        Mistake(_loss_without_factor, "The gradient is right; the loss itself lacks the factor T²."),
        Mistake(_multiplied_by_temperature, "The logits are divided by T, not multiplied: that would sharpen them."),
        Mistake(_loss_of_each_sample, "That is the loss of each sample; asked for is their mean, one number."),
        Mistake(
            _gradient_of_the_mean_of_all,
            "The loss is right; its gradient has 1/n, and no 1/classes: a sum over them.",
            7,
        ),
        Mistake(_softmax_over_the_batch, "The probabilities of one sample sum to 1: which axis are the classes?"),
        Mistake(
            _no_shift,
            "Large logits gave nan: exp overflows. Subtract each row's maximum first.",
            9,
        ),
        Mistake(
            _one_shift_for_all,
            "One maximum for the whole batch leaves other rows far below 0, and their exp all 0. Each row has its own.",
            9,
        ),
        Mistake(
            _zeros_left_out,
            "Terms whose probability became 0 were left out, also where only q is 0: there the loss is largest. Take "
            "log softmax.",
            9,
        ),
        Mistake(
            _log_of_zero,
            "Large logits gave nan: a probability became 0, and its logarithm is -inf. Compute log softmax at once: "
            "z - max, minus the logarithm of the sum of exp.",
            9,
        ),
        Mistake(
            _small_number_added,
            "The small number that keeps log from 0 hides how small a probability is. Take log softmax.",
            9,
        ),
        Mistake(_mean_of_all_terms, "mean() went over the classes, too: over them it is a sum.", 7),
        Mistake(_softened_afterwards, "The logits are divided by T, before softmax, not its logarithm afterwards."),
        Mistake(
            _clipped_probabilities,
            "Clipping hides how small a probability is: with large logits the loss is far too low. Take log softmax.",
            9,
        ),
    ),
    alternatives=(_sample_by_sample, _entropies),
    hints=(
        "Teacher and student equal: the loss must be 0, the gradient too. Is it? And with logits of 3000?",
        "Softmax with cross-entropy has the gradient q - p at its logits s/T. Then the chain: 1/T, T² and the mean.",
        "log_q = z - z.max(axis=1, keepdims=True), z = student / temperature; then minus the log of the sum of exp.",
    ),
    tolerance=1024.0,
    results=("loss", "gradient"),
    keeps_dtype=False,
)
