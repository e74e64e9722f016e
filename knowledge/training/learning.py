"""What both trainings share: texts as vectors, the lowest layers that stay as they are, and how fast the rest learns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from knowledge.training import transformer
from knowledge.training.transformer import Weights
from knowledge.wordpiece import Pieces

DROP = 0.1
SHARED = 1  # layers that stay as they were published; both stacks stand on them
_DECAY = 0.01
_LONGEST_STEP = 1.0
_WARMING = 0.1  # of all steps
_PARTS = 3  # a batch is run in so many parts, the short texts apart from the long, so that little is reckoned for nothing

Tell = Callable[[int, float], object]


class Network:
    """A published network, of which the layers above the SHARED ones are taught."""

    def __init__(self, base: tuple[Weights, list[Weights]], shared: int, pieces: Pieces) -> None:
        self.table, layers = base
        self.shared = layers[:shared]
        self.taught = [{name: values.clone().requires_grad_() for name, values in one.items()} for one in layers[shared:]]
        self._pieces = pieces
        self._numbers: dict[str, list[int]] = {}

    def weights(self) -> list[Tensor]:
        """Everything that is taught."""
        return [values for one in self.taught for values in one.values()]

    def layers(self) -> list[dict[str, np.ndarray]]:
        """The taught layers as they are now."""
        return [{name: values.detach().numpy().copy() for name, values in one.items()} for one in self.taught]

    def vectors(self, texts: Sequence[str], most: int) -> Tensor:
        """TEXTS as rows of length one, each cut after MOST pieces: in training only."""
        numbers = [self._known(text)[:most] for text in texts]
        order = sorted(range(len(texts)), key=lambda place: len(numbers[place]))
        size = math.ceil(len(order) / _PARTS)
        parts = [self._run([numbers[place] for place in order[at : at + size]]) for at in range(0, len(order), size)]
        return torch.cat(parts)[torch.from_numpy(np.argsort(order))]

    def _run(self, numbers: Sequence[Sequence[int]]) -> Tensor:
        rows = torch.zeros((len(numbers), max(map(len, numbers))), dtype=torch.int64)
        for row, own in zip(rows, numbers, strict=True):
            row[: len(own)] = torch.tensor(own)
        there = rows > 0
        # Half as many digits cost half the time; what is added up is added up with all of them.
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                state = transformer.embed(self.table, rows)
                for one in self.shared:
                    state = transformer.layer(state, one, there, 0.0)
            for one in self.taught:
                state = transformer.layer(state, one, there, DROP)
        return transformer.pooled(state, there)

    def _known(self, text: str) -> list[int]:
        if text not in self._numbers:
            self._numbers[text] = list(self._pieces.numbers(text, 96))
        return self._numbers[text]


class Learning:
    """Small steps, warmed up and cooled down; what begins from next to nothing learns so many times FASTER."""

    def __init__(self, network: Network, rate: float, steps: int, faster: Mapping[float, Iterable[Tensor]]) -> None:
        self._weights, self._rate, self._steps, self._done = network.weights(), rate, steps, 0
        wide, narrow = ([one for one in self._weights if (one.dim() > 1) is many] for many in (True, False))
        plain = [{"params": wide, "times": 1.0}, {"params": narrow, "times": 1.0, "weight_decay": 0.0}]
        fast = [{"params": [*own], "times": times, "weight_decay": 0.0} for times, own in faster.items()]
        self._optimizer = torch.optim.AdamW([*plain, *fast], lr=rate, weight_decay=_DECAY)

    def step(self, loss: Tensor) -> None:
        """Learn from LOSS."""
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate * group["times"] * self._share()
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._weights, _LONGEST_STEP)
        self._optimizer.step()
        self._done += 1

    def _share(self) -> float:
        warm = self._steps * _WARMING
        if self._done < warm:
            return (self._done + 1) / warm
        return 0.5 * (1 + math.cos(math.pi * (self._done - warm) / (self._steps - warm)))
