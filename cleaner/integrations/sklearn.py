"""A transformer for scikit-learn: clean texts before they are counted.

from cleaner.integrations.sklearn import TextCleaner
make_pipeline(TextCleaner(), TfidfVectorizer(), LogisticRegression())
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import validate_data

from cleaner.integrations.cleaning import Config, cleaning


class TextCleaner(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Clean texts: take out noise, repair characters and typos.

    Nothing is learnt, so nothing can leak from the training data into the test data. `fit` only notes the columns, and
    `transform` works without it.

    Parameters
    ----------
    config : CleanConfig, dict, str, path or None, default=None
        Settings, a table of settings, or the path of a TOML file; None: the defaults.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns; only where the input had columns.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names; only where the input had some.

    Examples
    --------
    >>> TextCleaner().fit_transform(["It opens at six.The queue was long."])
    array(['It opens at six. The queue was long.'], dtype=object)
    """

    def __init__(self, config: Config = None) -> None:
        self.config = config

    def fit(self, X: Any, y: Any = None) -> TextCleaner:
        """Note the columns.

        Parameters
        ----------
        X : sequence of str, shape (n_samples,), or array-like of shape (n_samples, n_columns)
            Texts, as for the vectorizers; or columns of texts, as `ColumnTransformer` hands them on.
        y : ignored

        Returns
        -------
        self : TextCleaner
        """
        cleaning(self.config)
        self._checked(X, reset=True)
        return self

    def transform(self, X: Any) -> NDArray[Any]:
        """Clean.

        Parameters
        ----------
        X : as in `fit`
            What is no text (None, NaN, numbers) stays as it is.

        Returns
        -------
        texts : ndarray of the same shape; object dtype, or that of the input where it holds only numbers
        """
        values = self._checked(X, reset=False)
        if values.dtype.kind not in "OSUT":
            return values
        flat = [cleaned.text for cleaned in cleaning(self.config).values(values.ravel().tolist())]
        made = np.empty(values.size, dtype=object)
        made[:] = flat
        return made.reshape(values.shape)

    def _checked(self, X: Any, reset: bool) -> NDArray[Any]:
        """The input as an array of one or two dimensions.

        Raises
        ------
        ValueError
            It has no such shape, no columns as in `fit`, or is a row of numbers.
        """
        is_row_of_texts = isinstance(X, (list, tuple)) and all(x is None or isinstance(x, (str, bytes)) for x in X)
        if is_row_of_texts or (getattr(X, "ndim", 2) == 1 and _kind(X) in "OSUT"):
            row = np.empty(len(X), dtype=object)
            row[:] = list(X)
            if not len(row):
                raise ValueError("Found array with 0 sample(s) while a minimum of 1 is required.")
            return row
        values: NDArray[Any] = validate_data(self, X, dtype=None, ensure_all_finite=False, reset=reset)
        return values

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.requires_fit = False
        return tags


def _kind(X: Any) -> str:
    """The kind of the values, as NumPy names it; O for those of other libraries."""
    kind: str = getattr(X.dtype, "kind", "O")
    return kind
