"""Notes about clients: written, pinned, taken off. A row stays for good."""

from datetime import datetime

from budilnik.clients.models import Note


def write(client: int, text: str, *, author: int, pinned: bool, key: str, now: datetime) -> int:
    """Write a note; the form it came from, sent twice, writes one. Return its number."""
    if key and (known := Note.objects.filter(client_id=client, key=key).first()) is not None:
        return known.pk
    row = Note.objects.create(client_id=client, author_id=author, at=now, text=text, pinned=pinned, key=key)
    return row.pk


def pin(note: int, *, pinned: bool) -> bool:
    """Make a note «важно знать», or an ordinary one again; False if it is so already or was taken off."""
    return Note.objects.filter(pk=note, removed_at=None, pinned=not pinned).update(pinned=pinned) == 1


def pinned_count(client: int) -> int:
    """Count the notes that are «важно знать» of a client."""
    return Note.objects.filter(client_id=client, removed_at=None, pinned=True).count()


def take_off(note: int, *, now: datetime) -> bool:
    """Take a note off the pages; of two who do so at once one is told False."""
    return Note.objects.filter(pk=note, removed_at=None).update(removed_at=now, pinned=False) == 1
