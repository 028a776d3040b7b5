"""The words of the trade as codes: what is stored, spoken of and never renamed."""

from enum import StrEnum


class ClientStatus(StrEnum):
    """Status by silence. Source: «Клиентский будильник», the three categories, and the prospect of 1C:CRM."""

    PROSPECT = "prospect"
    REGULAR = "regular"
    FORGOTTEN = "forgotten"
    LOST = "lost"


class Role(StrEnum):
    """What an employee does in the conveyor."""

    TELEMARKETER = "telemarketer"
    DEVELOPER = "developer"
    MANAGER = "manager"
    PROJECT_MANAGER = "project_manager"
    SPECIALIST = "specialist"
    ORDER_DESK = "order_desk"
    HEAD = "head"
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"


class Queue(StrEnum):
    """Where a task of the day came from."""

    CALLBACK = "callback"
    RETRY = "retry"
    OWN = "own"
    AT_RISK = "at_risk"
    POOL = "pool"


class Evidence(StrEnum):
    """What proves a contact. `MANUAL` counts and is reported to the head as unconfirmed."""

    PBX = "pbx"
    ORDER = "order"
    MESSAGE = "message"
    MANUAL = "manual"


class Direction(StrEnum):
    """Who began the conversation, seen from our side."""

    IN = "in"
    OUT = "out"


class Disposition(StrEnum):
    """What the telephone says about an attempt."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    WRONG_NUMBER = "wrong_number"
    BLOCKED = "blocked"


class Outcome(StrEnum):
    """What the business learnt from an attempt. Source: SPEC §5."""

    ORDER = "order"
    INTERESTED = "interested"
    OPEN = "open"
    CALLBACK = "callback"
    WRONG_PERSON = "wrong_person"
    REFUSED = "refused"
    STOP = "stop"
    WRONG_NUMBER = "wrong_number"
    CLOSED = "closed"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"


class LossReason(StrEnum):
    """Why a client does not buy, in the client's words."""

    FORGOT_US = "forgot_us"
    OUR_MANAGER_CHANGED = "our_manager_changed"
    THEIR_STAFF_CHANGED = "their_staff_changed"
    PRICE = "price"
    PAYMENT_TERMS = "payment_terms"
    DELIVERY = "delivery"
    ASSORTMENT = "assortment"
    QUALITY = "quality"
    SERVICE = "service"
    DOCUMENTS = "documents"
    COMPETITOR = "competitor"
    IMPOSTOR = "impostor"
    OWN_PRODUCTION = "own_production"
    NO_NEED = "no_need"
    PROJECT_FINISHED = "project_finished"
    TENDER_LOST = "tender_lost"
    CLOSED = "closed"
    DUPLICATE = "duplicate"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class BuyingRole(StrEnum):
    """What a person does in the buying centre of a client. Source: SPEC §10, people."""

    DECISION_MAKER = "decision_maker"
    SHAPER = "shaper"
    INFLUENCER = "influencer"
    USER = "user"
    EXPERT = "expert"
    BUYER = "buyer"
    GATEKEEPER = "gatekeeper"
    OPPONENT = "opponent"


class Attitude(StrEnum):
    """How a person stands towards us."""

    FRIEND = "friend"
    NEUTRAL = "neutral"
    AGAINST = "against"


class Channel(StrEnum):
    """How a person prefers to be reached."""

    PHONE = "phone"
    MAIL = "mail"
    MESSENGER = "messenger"
    MEETING = "meeting"


class OfferKind(StrEnum):
    """Why a good is named in a call: his own whose time has come, his own that he left off, one he never bought."""

    DUE = "due"
    STOPPED = "stopped"
    NEW = "new"
