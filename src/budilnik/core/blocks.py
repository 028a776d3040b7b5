"""The blocks of a script and the questions: when each is said, and its words until the head writes others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from budilnik.core.terms import ClientStatus, LossReason

_AFTER: Mapping[LossReason, str] = {
    LossReason.IMPOSTOR: "impostor",
    LossReason.QUALITY: "after_quality",
    LossReason.SERVICE: "after_service",
    LossReason.DOCUMENTS: "after_service",
    LossReason.PRICE: "after_price",
    LossReason.PAYMENT_TERMS: "after_price",
    LossReason.DELIVERY: "after_stock",
    LossReason.ASSORTMENT: "after_stock",
    LossReason.COMPETITOR: "after_competitor",
    LossReason.TENDER_LOST: "after_competitor",
    LossReason.OWN_PRODUCTION: "after_competitor",
    LossReason.THEIR_STAFF_CHANGED: "after_staff",
    LossReason.NO_NEED: "after_no_need",
    LossReason.PROJECT_FINISHED: "after_no_need",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFacts:
    """What is known when a client is called. Empty texts and None mean that it is not known.

    `last_refusal` stands until the next order; `manager_before` is somebody else than the caller; `owner` is given
    when the caller is not the owner. Units: days of silence; rhythm in days; `due`, `stopped`, `new` name goods.
    """

    on: date
    client: str
    me: str
    person: str = ""
    inbound: bool = False
    status: ClientStatus = ClientStatus.REGULAR
    days_silent: int = 0
    last_talk_on: date | None = None
    last_order_on: date | None = None
    owner: str = ""
    manager_before: str = ""
    last_refusal: LossReason | None = None
    promised: bool = False
    promise_broken: bool = False
    promise: str = ""
    leaving: bool = False
    rhythm_days: int | None = None
    due: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    people_known: bool = True
    decision_maker_known: bool = True
    number_known: bool = True
    channel_known: bool = True
    potential_known: bool = True
    zone_known: bool = True
    inn_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of the script: when it is said, and its words until the head writes others."""

    code: str
    fits: Callable[[TalkFacts], bool]
    ru: str
    en: str


def _after(code: str) -> Callable[[TalkFacts], bool]:
    return lambda facts: not facts.inbound and complaint(facts) == code


def complaint(facts: TalkFacts) -> str:
    """Return the block that answers the last refusal, "" where no words answer it.

    Units: none.
    Raises: nothing.
    Source: SPEC §7, after complaint, a competitor posing as us.
    """
    return _AFTER.get(facts.last_refusal, "") if facts.last_refusal else ""


def _subject(facts: TalkFacts) -> str:
    """Return what the call is about by the state of the client: one thing, and none when a promise is the reason."""
    if facts.inbound or facts.promised or facts.promise_broken:
        return ""
    if facts.status is ClientStatus.LOST:
        return "" if complaint(facts) else "lost"
    if facts.status is ClientStatus.REGULAR:
        return "leaving" if facts.leaving else "regular"
    return facts.status.value


def _about(code: str) -> Callable[[TalkFacts], bool]:
    return lambda facts: _subject(facts) == code


# In the order they are said.
BLOCKS: tuple[Block, ...] = (
    Block(
        code="greeting",
        fits=lambda f: not f.inbound,
        ru="Здравствуйте[, {person}]. Это {me}[, {firm}]. Удобно говорить?",
        en="Good day[, {person}]. This is {me}[, {firm}]. Is this a good moment?",
    ),
    Block(
        code="inbound",
        fits=lambda f: f.inbound,
        ru="Здравствуйте, это {me}[, {firm}]. Спасибо, что позвонили. Чем помочь?",
        en="Good day, this is {me}[, {firm}]. Thank you for calling. How can I help?",
    ),
    Block(
        code="broken_promise",
        fits=lambda f: f.promise_broken,
        ru="Мы обещали вам позвонить и не сделали этого вовремя, извините.[ Речь шла вот о чём: {promise}.]",
        en="We promised to call you and did not do it in time, I am sorry.[ It was about this: {promise}.]",
    ),
    Block(
        code="promised",
        fits=lambda f: f.promised and not f.promise_broken and not f.inbound,
        ru="Звоню, как договорились[: {promise}].",
        en="I am calling as agreed[: {promise}].",
    ),
    Block(
        code="impostor",
        fits=lambda f: complaint(f) == "impostor",
        ru="Под нашим именем вам мог звонить кто-то чужой. Проверьте меня: перезвоните по номеру из нашего счёта.",
        en="A stranger may have called you in our name. Check me: call back by the number on our invoice.",
    ),
    Block(
        code="stand_in",
        fits=lambda f: bool(f.owner),
        ru="Сегодня я вместо коллеги, ваш менеджер прежний: {owner}.",
        en="I stand in for a colleague today; your manager is still {owner}.",
    ),
    Block(
        code="new_face",
        fits=lambda f: bool(f.manager_before) and not f.owner,
        ru="Теперь с вами работаю я[, прежний менеджер — {manager_before}]. Ваши условия и заказы передо мной.",
        en="I look after you now[; your manager was {manager_before}]. Your terms and orders are in front of me.",
    ),
    Block(
        code="prospect",
        fits=_about("prospect"),
        ru="Мы с вами ещё не работали. Что из нашего ассортимента вы покупаете и у кого?",
        en="We have not worked together yet. Which goods of our range do you buy, and from whom?",
    ),
    Block(
        code="lost",
        fits=_about("lost"),
        ru="Вы давно у нас не заказывали[, последний раз {last_order}]. Что помешало: цена, сроки, наличие, мы сами?",
        en="You have not ordered for long[, last on {last_order}]. What got in the way: price, terms, stock, or us?",
    ),
    Block(
        code="forgotten",
        fits=_about("forgotten"),
        ru="Мы с вами не говорили {silence}, это наша вина. Что у вас сейчас в работе?",
        en="We have not spoken for {silence}, and that is our fault. What are you working on now?",
    ),
    Block(
        code="leaving",
        fits=_about("leaving"),
        ru="Обычно вы заказываете раз в {rhythm}, а прошло уже {since_order}. Не подвели ли мы вас?",
        en="You usually order every {rhythm}, and it has been {since_order}. Did we let you down?",
    ),
    Block(
        code="regular",
        fits=_about("regular"),
        ru="Последний заказ был {last_order}. Всё ли дошло и подошло?",
        en="Your last order was on {last_order}. Did everything arrive and suit you?",
    ),
    Block(
        code="after_quality",
        fits=_after("after_quality"),
        ru="В прошлый раз вы говорили о качестве. Чем кончилось? Если вопрос открыт, сегодня же передам руководителю.",
        en="Last time you spoke of quality. How did it end? If it is still open, it goes to our head today.",
    ),
    Block(
        code="after_service",
        fits=_after("after_service"),
        ru="В прошлый раз вас подвела наша работа, извините. Что исправить в первую очередь?",
        en="Last time our service let you down, I am sorry. What should be put right first?",
    ),
    Block(
        code="after_price",
        fits=_after("after_price"),
        ru="В прошлый раз не подошли цена или условия. Назовите позиции и объём: посчитаю заново.",
        en="Last time the price or the terms did not suit. Name the goods and the volume: I will work it out anew.",
    ),
    Block(
        code="after_stock",
        fits=_after("after_stock"),
        ru="В прошлый раз не хватило наличия или сроков. Что и к какому дню нужно? Проверю сейчас.",
        en="Last time stock or delivery failed you. What do you need and by which day? I will check now.",
    ),
    Block(
        code="after_competitor",
        fits=_after("after_competitor"),
        ru="Вы нашли замену нам. Чем там удобнее и чего там не хватает?",
        en="You found somebody in our place. What is better there, and what is lacking?",
    ),
    Block(
        code="after_staff",
        fits=_after("after_staff"),
        ru="У вас сменились люди. Кто теперь занимается закупкой?",
        en="Your people have changed. Who is in charge of purchasing now?",
    ),
    Block(
        code="after_no_need",
        fits=_after("after_no_need"),
        ru="В прошлый раз потребности не было. Что планируете на ближайшие месяцы?",
        en="Last time there was no need. What do you plan for the coming months?",
    ),
    Block(
        code="offer_due",
        fits=lambda f: bool(f.due),
        ru="По вашему обычному сроку пора взять: {goods}. Записать?",
        en="By your usual interval it is time for: {goods}. Shall I write it down?",
    ),
    Block(
        code="offer_stopped",
        fits=lambda f: bool(f.stopped),
        ru="Вы перестали брать: {stopped}. Не нужно или берёте в другом месте?",
        en="You no longer buy: {stopped}. Is there no need, or do you buy elsewhere?",
    ),
    Block(
        code="offer_new",
        fits=lambda f: bool(f.new),
        ru="С таким заказом берут и другое: {new_goods}. Прислать цену?",
        en="Those who order the same also take: {new_goods}. Shall I send the price?",
    ),
    Block(
        code="close",
        fits=lambda f: True,
        ru="Когда удобно созвониться снова? Запишу день и час.",
        en="When shall we speak again? I will write down the day and the hour.",
    ),
)

# The most needed first.
QUESTIONS: tuple[Block, ...] = (
    Block(
        code="ask_people",
        fits=lambda f: not f.people_known,
        ru="С кем говорить о закупках: имя, должность?",
        en="Whom to speak to about purchases: name, post?",
    ),
    Block(
        code="ask_decision_maker",
        fits=lambda f: f.people_known and not f.decision_maker_known,
        ru="Кто у вас решает, у кого покупать?",
        en="Who decides whom you buy from?",
    ),
    Block(
        code="ask_potential",
        fits=lambda f: not f.potential_known,
        ru="Сколько всего вы покупаете в год, у всех поставщиков?",
        en="How much do you buy a year in all, from every supplier?",
    ),
    Block(
        code="ask_number",
        fits=lambda f: not f.number_known,
        ru="По какому прямому номеру вам звонить?",
        en="By which direct number are you called?",
    ),
    Block(
        code="ask_channel",
        fits=lambda f: f.people_known and not f.channel_known,
        ru="Куда присылать цены: почта, мессенджер?",
        en="Where shall prices be sent: mail, messenger?",
    ),
    Block(
        code="ask_zone",
        fits=lambda f: not f.zone_known,
        ru="Который у вас час, когда лучше звонить?",
        en="What time is it there, when is it best to call?",
    ),
    Block(
        code="ask_inn",
        fits=lambda f: not f.inn_known,
        ru="Какой у вас ИНН, чтобы счёт вышел без ошибок?",
        en="What is your INN, so that the invoice has no errors?",
    ),
)
