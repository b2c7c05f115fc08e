"""Real data, split into training and test: ``(x_train, y_train), (x_test, y_test) = datasets.digits()``."""

from kerasedu.datasets.mnist_file import mnist
from kerasedu.datasets.offline import breast_cancer, diabetes, digits
from kerasedu.datasets.sentences import sentences

__all__ = ["breast_cancer", "diabetes", "digits", "mnist", "sentences"]
