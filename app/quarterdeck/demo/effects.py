"""What each fault does to which signal, and how that is laid over the usual values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from quarterdeck.demo.noise import Floats
from quarterdeck.domain.series import Meaning


@dataclass(frozen=True, slots=True)
class Effect:
    """A fault felt in full multiplies a signal by `factor`, adds `add` and pulls it by `pull` of the way to `towards`.

    A `silent` effect takes the signal away altogether.
    """

    fault: str
    entity_key: str
    meaning: Meaning
    factor: float = 1.0
    add: float = 0.0
    towards: float = 0.0
    pull: float = 0.0
    silent: bool = False


_RESPONSE, _THROUGHPUT, _ERRORS = Meaning.RESPONSE_TIME, Meaning.THROUGHPUT, Meaning.ERROR_RATE
_SATURATION, _PROCESSING = Meaning.SATURATION, Meaning.PROCESSING
_PAYHUB, _DISPATCHER = "integration/payhub-processor", "integration/notification-dispatcher"
_INITIATION, _RAIL = "service/payment-order-initiation", "service/payment-rail"

EFFECTS: tuple[Effect, ...] = (
    Effect("payhub_outage", _PAYHUB, _ERRORS, add=0.38),
    Effect("payhub_outage", _PAYHUB, _RESPONSE, factor=5.2),
    Effect("payhub_outage", _PAYHUB, _THROUGHPUT, factor=0.72),
    Effect("payhub_outage", _INITIATION, _THROUGHPUT, factor=0.78),
    Effect("payhub_outage", "component/payment-queue", Meaning.QUEUE_DEPTH, add=900.0),
    Effect("payhub_outage", "event_type/payment.accepted", _THROUGHPUT, factor=0.62),
    Effect("payhub_outage", "event_type/payment.rejected", _THROUGHPUT, factor=127.0),
    Effect("payhub_outage", "event_type/payment.settled", _THROUGHPUT, factor=0.62),
    Effect("payhub_outage", "event_type/notification.requested", _THROUGHPUT, factor=0.62),
    Effect("payhub_outage", "event_type/notification.delivered", _THROUGHPUT, factor=0.62),
    Effect("slow_aggregation", "integration/account-aggregation", _RESPONSE, factor=3.6),
    Effect("slow_aggregation", "integration/account-aggregation", _ERRORS, add=0.003),
    Effect("slow_aggregation", "integration/account-aggregation", _THROUGHPUT, factor=0.86),
    Effect("slow_aggregation", "component/partner-gateway", _SATURATION, add=0.17),
    Effect("slow_aggregation", "event_type/balance.refreshed", _THROUGHPUT, factor=0.55),
    Effect("institution_outage", "integration/account-aggregation", _ERRORS, add=0.09),
    Effect("institution_outage", "integration/account-aggregation", _RESPONSE, factor=1.25),
    Effect("institution_outage", "event_type/balance.refreshed", _THROUGHPUT, factor=0.85),
    Effect("queue_buildup", "component/payment-queue", Meaning.QUEUE_DEPTH, add=41_000.0),
    Effect("queue_buildup", "component/payment-queue", _THROUGHPUT, factor=0.45),
    Effect("queue_buildup", _RAIL, _RESPONSE, factor=4.5),
    Effect("queue_buildup", _RAIL, _SATURATION, towards=0.96, pull=1.0),
    Effect("queue_buildup", "component/payments-db", _SATURATION, add=0.14),
    Effect("queue_buildup", "event_type/payment.settled", _THROUGHPUT, factor=0.5),
    Effect("disk_filling", "component/ledger-db", Meaning.STORAGE, towards=0.965, pull=1.0),
    Effect("disk_filling", "component/ledger-db", _PROCESSING, add=0.12),
    Effect("disk_filling", "service/position-keeping", _RESPONSE, factor=1.8),
    Effect("lost_notifications", _DISPATCHER, _ERRORS, add=0.064),
    Effect("lost_notifications", "channel/sms", _THROUGHPUT, factor=0.6),
    Effect("lost_notifications", "channel/email", _THROUGHPUT, factor=0.7),
    Effect("lost_notifications", "component/notification-queue", Meaning.QUEUE_DEPTH, factor=0.5),
    Effect("lost_notifications", "event_type/notification.delivered", _THROUGHPUT, factor=0.6),
    Effect("bad_deploy", _INITIATION, _ERRORS, add=0.055),
    Effect("bad_deploy", _INITIATION, _RESPONSE, factor=2.4),
    Effect("node_loss", "component/payments-node-a", _PROCESSING, towards=0.94, pull=1.0),
    Effect("node_loss", "component/payments-node-b", _PROCESSING, silent=True),
    Effect("node_loss", _INITIATION, _SATURATION, towards=0.97, pull=1.0),
    Effect("node_loss", _INITIATION, _RESPONSE, factor=2.0),
    *(Effect("push_silent", "integration/push", meaning, silent=True) for meaning in (_RESPONSE, _THROUGHPUT, _ERRORS)),
    *(Effect("push_silent", "channel/push", meaning, silent=True) for meaning in (_THROUGHPUT, _ERRORS)),
)


class EffectTable:
    """The effects on some signals, found by row once and then laid over arrays of rows by times."""

    def __init__(self, names: Sequence[tuple[str, Meaning]]) -> None:
        rows = {name: row for row, name in enumerate(names)}
        self._effects = tuple(
            (rows[effect.entity_key, effect.meaning], effect)
            for effect in EFFECTS
            if (effect.entity_key, effect.meaning) in rows
        )

    def lay_over(self, values: Floats, felt: Mapping[str, Floats]) -> None:
        """Change `values` (rows by times) in place by what is felt of each fault at each time."""
        for row, effect in self._effects:
            share = felt.get(effect.fault)
            if share is not None:
                values[row] = _changed(values[row], effect, share)


def _changed(usual: Floats, effect: Effect, share: Floats) -> Floats:
    if effect.silent:
        return np.where(share > 0.0, np.nan, usual)
    changed = usual * (1.0 + share * (effect.factor - 1.0)) + share * effect.add
    return changed + share * effect.pull * (effect.towards - changed)
