import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from quarterdeck.demo.certificates import EXPIRING_DAYS_LEFT, USUAL_DAYS_LEFT, CertificateFiles, make_certificates
from tests.demo.worlds import OPENED_AT


@pytest.fixture
def files(tmp_path: Path) -> CertificateFiles:
    files = CertificateFiles.in_folder(tmp_path)
    make_certificates(files, OPENED_AT)
    return files


def load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_both_certificates_are_signed_by_the_authority(files: CertificateFiles) -> None:
    store = Store([load(files.authority)])
    for path in (files.usual, files.expiring):
        verifier = PolicyBuilder().store(store).time(OPENED_AT).build_server_verifier(x509.DNSName("localhost"))
        assert verifier.verify(load(path), [])


def test_one_certificate_is_near_its_end_and_the_other_nearer(files: CertificateFiles) -> None:
    left = [load(path).not_valid_after_utc - OPENED_AT for path in (files.usual, files.expiring)]
    assert abs(left[0] - timedelta(days=USUAL_DAYS_LEFT)) < timedelta(seconds=2)
    assert abs(left[1] - timedelta(days=EXPIRING_DAYS_LEFT)) < timedelta(seconds=2)


def test_only_their_owner_can_read_them_and_the_authority_s_key_is_nowhere(files: CertificateFiles) -> None:
    paths = list(files.key.parent.iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert [path for path in paths if b"PRIVATE KEY" in path.read_bytes()] == [files.key]


def test_making_them_again_replaces_them_and_removing_leaves_nothing(files: CertificateFiles) -> None:
    before = files.authority.read_bytes()
    make_certificates(files, OPENED_AT)
    assert files.authority.read_bytes() != before
    files.remove()
    assert list(files.key.parent.iterdir()) == []
