"""Who a reminder is: its identity stays in calendars, whatever is edited beside it."""

from plaintextcrm.book.rows import event_uid
from plaintextcrm.model.reminders import reminders
from plaintextcrm.model.settings import Settings
from tests.model.cases import DAY, EVERYTHING, contact


def uids(text: str, name: str = "Eva Malá") -> dict[str, str]:
    """Each reminder's identity in calendars by its kind and note."""
    found = reminders(contact(text, name), Settings(), DAY)
    named = {f"{one.kind} {one.note}".strip(): event_uid("u", one) for one in found}
    assert len(named) == len(found)
    assert len(set(named.values())) == len(found)
    return named


def test_moving_a_date_keeps_the_identity() -> None:
    before = uids("follow_ups: [{date: 2026-12-01, note: Call}]\nbirthday: 1986-12-24\ncadence: 1y")
    after = uids("follow_ups: [{date: 2027-05-05, note: Call}]\nbirthday: --12-25\ncadence: 2w")
    assert before == after


def test_renaming_the_person_keeps_the_identity() -> None:
    assert uids(EVERYTHING) == uids(EVERYTHING, name="Eva Nová")


def test_closing_another_entry_keeps_the_identity() -> None:
    both = """
    promises:
      - {date: 2026-12-01, note: Texts}
      - {date: 2026-12-02, note: Photos}
    """
    one = both.replace("note: Texts", "note: Texts, done: 2026-11-22")
    assert uids(one) == {"promise Photos": uids(both)["promise Photos"]}


def test_equal_notes_have_different_identities() -> None:
    text = """
    follow_ups:
      - {date: 2026-12-01, note: Call}
      - {date: 2026-12-08, note: "Call "}
      - {date: 2026-12-15, note: Call}
    """
    found = [event_uid("u", one) for one in reminders(contact(text), Settings(), DAY)]
    assert len(set(found)) == 3
    closed = text.replace("2026-12-01, note: Call", "2026-12-01, note: Call, done: 2026-11-22")
    left = [event_uid("u", one) for one in reminders(contact(closed), Settings(), DAY)]
    assert left == found[1:]


def test_an_id_of_its_own_keeps_the_identity_when_the_note_changes() -> None:
    def one(entry: str) -> str:
        return next(iter(uids(f"follow_ups: [{{date: 2026-12-01, {entry}}}]").values()))

    assert one("id: offer, note: Send the offer") == one("id: offer, note: Offer at last")
    assert one("note: Send the offer") != one("note: Offer")
    assert one("id: offer") != one("note: offer")
    assert one("note: Send   the offer") == one('note: "Send the\\n offer"')


def test_the_same_words_under_different_kinds_are_different() -> None:
    text = """
    founded: 2006
    birthday: --12-24
    milestones: [{date: --01-01, note: founded}, {date: --01-01, note: =founded}, {date: --01-01}]
    follow_ups: [{date: 2026-12-01, note: birthday}]
    promises: [{date: 2026-12-01, note: birthday}]
    """
    found = reminders(contact(text), Settings(), DAY)
    assert len({event_uid("u", one) for one in found}) == len(found) == 7


def test_contacts_have_identities_of_their_own() -> None:
    found = reminders(contact("cadence: 1 month"), Settings(), DAY)
    assert event_uid("a", found[0]) != event_uid("b", found[0])
