"""What a store in a file promises, promised by a store on a server: the same tests, with its `store`."""

from tests.storage.test_connections import *  # noqa: F403 - every test of that module, again
from tests.storage.test_estate import *  # noqa: F403 - every test of that module, again
from tests.storage.test_lease import *  # noqa: F403 - every test of that module, again
from tests.storage.test_maintenance import *  # noqa: F403 - every test of that module, again
from tests.storage.test_occurrences import *  # noqa: F403 - every test of that module, again
from tests.storage.test_series import *  # noqa: F403 - every test of that module, again
from tests.storage.test_states import *  # noqa: F403 - every test of that module, again
