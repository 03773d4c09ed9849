"""The pictured bank judged by the policies that ship, through the collector's own assessor, with one waiver."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from quarterdeck.domain.policies import Waiver
from quarterdeck.services.compliance_assessor import ComplianceAssessor
from quarterdeck.services.policy_packs import shipped_packs
from quarterdeck.services.ports import Clock, Store
from quarterdeck.storage.opening import open_store
from tests.support.granted_waivers import grant

PATIENCE_SECONDS = 30.0


def judge(store: Store, clock: Clock) -> None:
    """Gather evidence and judge every policy that ships, up to what the clock says."""
    now = clock.now()
    waiver = Waiver(
        id="picture-1",
        policy_id="SEC-03",
        entity_key="integration/email-relay",
        reason="Replaced by the new relay",
        requested_by="messaging-team",
        approved_by="Security",
        from_at=now - timedelta(days=3),
        until_at=now + timedelta(days=6),
    )
    grant(store, waiver)
    ComplianceAssessor(store, lambda: [policy for pack in shipped_packs() for policy in pack.policies], clock).assess()


def judge_file(path: Path, clock: Clock) -> None:
    """The same for a store file."""
    with closing(open_store(str(path))) as store:
        judge(store, clock)
