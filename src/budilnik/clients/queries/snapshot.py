"""What insight reads of the base: statements over numbers and days alone, without a name or a phone."""

from budilnik.clients.models import Client, Contact

_CLIENT, _CONTACT = Client._meta.db_table, Contact._meta.db_table

CLIENTS = (
    f'SELECT "id" AS client_id, "first_known_on" AS known_on, "owner_id" AS owner_id, "potential" AS potential '
    f'FROM "{_CLIENT}" WHERE "archived_on" IS NULL'
)
CONTACTS = (
    f'SELECT "client_id" AS client_id, "on" AS contacted_on, "is_talk" AS talked '
    f'FROM "{_CONTACT}" WHERE "voided_at" IS NULL'
)
