"""A stand-in for Stripe's servers, written from its documentation, with the part of its interface that is used here.

localstripe, an independent one, knows no Checkout sessions, idempotency keys, late debits, disputes or limits of
refunds: those are here. Every request is checked as Stripe would: an unknown parameter is an error.

Trouble on the line: `trouble` is called with the number of each request and when ("before" or "after" it is done); it
may return "drop" (the connection closes without a word), "nonsense", "error" (status 500), or do anything itself.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Trouble = Callable[[int, str, str], str]
KEY = "sk_test_only_for_tests"

CARDS: dict[str, dict[str, Any]] = {
    "ok": {},
    "declined": {"code": "card_declined", "decline_code": "generic_decline"},
    "funds": {"code": "card_declined", "decline_code": "insufficient_funds"},
    "expired": {"code": "expired_card"},
    "lost": {"code": "card_declined", "decline_code": "lost_card"},
    "stolen": {"code": "card_declined", "decline_code": "stolen_card"},
    "confirm": {"confirm": True},
    "slow": {"days": 2},
    "slow-fails": {"days": 3, "code": "insufficient_funds"},
    "disputed": {"disputed": 5},
    "refund-fails": {"refund": "expired_or_canceled_card"},
}
"""How cards and accounts behave, by the name in their id: pm_funds_1."""


class Refusal(Exception):
    """What Stripe answers with an error."""

    def __init__(self, status: int, kind: str, code: str = "", message: str = "", param: str = "", **more: Any) -> None:
        super().__init__(message)
        named = {"type": kind, "code": code or None, "message": message or code, "param": param or None, **more}
        self.status, self.body = status, {"error": {name: found for name, found in named.items() if found is not None}}


class StripeServer:
    """The stand-in: `with StripeServer() as server`. Its clock is days and the system's time."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.objects: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.keys: dict[str, tuple[str, int, dict[str, Any]]] = {}
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.days = 0.0
        self.began: datetime | None = None
        self.trouble: Trouble = lambda number, when, path: ""
        self._number = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stripe": self}))
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> StripeServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *given: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def now(self) -> int:
        """Its present second."""
        began = time.time() if self.began is None else self.began.timestamp()
        return int(began + self.days * 86400)

    def new(self, prefix: str, kind: str, **facts: Any) -> dict[str, Any]:
        """A new object."""
        self._number += 1
        made = {"id": f"{prefix}_{self._number}", "object": kind, "created": self.now(), "metadata": {}, **facts}
        self.objects[made["id"]] = made
        return made

    def card(self, behaviour: str, customer: str, kind: str = "card") -> str:
        """A card or account that behaves so, attached to a customer; its id."""
        made = self.new(f"pm_{behaviour}", "payment_method", type=kind, customer=customer, behaviour=behaviour)
        if kind == "card":
            made["card"] = {"brand": "visa", "last4": "4242", "exp_month": 2, "exp_year": 2028}
        else:
            made["sepa_debit"] = {"country": "NL", "last4": "4300"}
        return str(made["id"])

    def tell(self, kind: str, found: Mapping[str, Any]) -> dict[str, Any]:
        """Note an event, as it would be sent."""
        event = self.new("evt", "event", type=kind, data={"object": json.loads(json.dumps(found))}, livemode=False)
        self.events.append(event)
        return event

    # ---- what time and people do -------------------------------------------------------------------------------

    def days_later(self, days: float) -> None:
        """Let days pass: late debits come to their end, disputes are opened."""
        with self.lock:
            self.days += days
            for one in list(self.objects.values()):
                if one["object"] == "payment_intent":
                    self._age(one)

    def _age(self, intent: dict[str, Any]) -> None:
        card = self._behaviour(intent)
        passed = (self.now() - intent.get("confirmed", self.now())) / 86400
        if intent["status"] == "processing" and passed >= card["days"]:
            self._end(intent, card)
        if intent["status"] == "succeeded" and card.get("disputed", 9999) <= passed and not intent.get("disputed"):
            intent["disputed"] = True
            self.dispute(intent["id"])

    def dispute(self, intent: str, status: str = "needs_response") -> dict[str, Any]:
        """The payer's bank disputes a payment; told by an event."""
        found = self.objects[intent]
        made = self.new("dp", "dispute", payment_intent=intent, amount=found["amount"], currency=found["currency"],
                        reason="fraudulent", status=status)  # fmt: skip
        self.tell("charge.dispute.created", made)
        return made

    def close_dispute(self, dispute: str, status: str) -> dict[str, Any]:
        """A dispute ends: won or lost."""
        self.objects[dispute]["status"] = status
        return self.tell("charge.dispute.closed", self.objects[dispute])

    def confirm_at_bank(self, intent: str, yes: bool) -> None:
        """The person confirms at the bank's page, or fails to."""
        with self.lock:
            found = self.objects[intent]
            if found["status"] != "requires_action":
                return
            found["next_action"] = None
            card = {} if yes else {"code": "payment_intent_authentication_failure"}
            self._end(found, card)

    def complete(self, session: str, behaviour: str = "ok", kind: str = "card") -> None:
        """The person enters a card at Stripe's page."""
        with self.lock:
            found = self.objects[session]
            method = self.card(behaviour, found["customer"], kind)
            found["setup_intent"] = self.new("seti", "setup_intent", status="succeeded", payment_method=method)["id"]
            found["status"] = "complete"

    def taken_minor(self) -> int:
        """What was taken, less what was given back."""
        every = list(self.objects.values())
        done = [(one["object"], one["amount"]) for one in every if one.get("status") == "succeeded" and "amount" in one]
        signs = {"payment_intent": 1, "refund": -1}
        return sum(signs[kind] * amount for kind, amount in done)

    # ---- requests ----------------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, params: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        """Do a request, once for an idempotency key."""
        with self.lock:
            fingerprint = json.dumps([method, path, params], sort_keys=True)
            if key and key in self.keys:
                known, status, body = self.keys[key]
                if known != fingerprint:
                    raise Refusal(400, "idempotency_error", message="another request had this key")
                return status, body
            self.asked.append((method, path, params))
            try:
                status, body = 200, self._do(method, path.removeprefix("/v1/").split("/"), params)
            except Refusal as refusal:
                status, body = refusal.status, refusal.body
            body = json.loads(json.dumps(body))
            if key:
                self.keys[key] = (fingerprint, status, body)
            return status, body

    def _do(self, method: str, path: list[str], params: dict[str, Any]) -> dict[str, Any]:
        match (method, path):
            case ("POST", ["customers"]):
                return self.new("cus", "customer", **_only(params, "metadata"))
            case ("POST", ["checkout", "sessions"]):
                return self._session(params)
            case ("GET", ["checkout", "sessions", id_]):
                return self._expanded(self._found(id_), _only(params, "expand"))
            case ("POST", ["payment_intents"]):
                return self._intent(params)
            case ("GET", ["payment_intents", id_]):
                _only(params)
                return self._found(id_)
            case ("POST", ["payment_intents", id_, "confirm"]):
                return self._confirm(self._found(id_), _only(params, "off_session", "return_url"))
            case ("POST", ["payment_intents", id_, "cancel"]):
                return self._cancel(self._found(id_), _only(params, "cancellation_reason"))
            case ("POST", ["refunds"]):
                return self._refund(_only(params, "payment_intent", "amount", "metadata"))
            case ("GET", ["refunds"]):
                _only(params, "payment_intent", "limit")
                return self._list([one for one in self.objects.values() if one["object"] == "refund"
                                   and one["payment_intent"] == params["payment_intent"]], params)  # fmt: skip
            case ("GET", ["events"]):
                _only(params, "created", "types", "limit", "starting_after")
                since = int(params.get("created", {}).get("gte", 0))
                return self._list([one for one in self.events if one["created"] >= since
                                   and one["type"] in params["types"]], params)  # fmt: skip
        raise Refusal(404, "invalid_request_error", message=f"no such address: {method} {'/'.join(path)}")

    def _found(self, id_: str) -> dict[str, Any]:
        if id_ not in self.objects:
            raise Refusal(404, "invalid_request_error", "resource_missing", f"No such object: {id_}", "id")
        return self.objects[id_]

    def _behaviour(self, intent: Mapping[str, Any]) -> dict[str, Any]:
        return CARDS[self.objects[intent["card"]]["behaviour"]]

    def _list(self, found: list[dict[str, Any]], params: Mapping[str, Any]) -> dict[str, Any]:
        newest = found[::-1]
        after = params.get("starting_after")
        if after:
            newest = newest[[one["id"] for one in newest].index(after) + 1 :]
        limit = int(params.get("limit", 10))
        return {"object": "list", "data": newest[:limit], "has_more": len(newest) > limit, "url": "/v1/list"}

    def _session(self, params: dict[str, Any]) -> dict[str, Any]:
        _only(params, "mode", "customer", "payment_method_types", "success_url", "cancel_url", "client_reference_id")
        assert params["mode"] == "setup" and params["success_url"].startswith("http")
        made = self.new("cs_test", "checkout.session", status="open", setup_intent=None, **params)
        made["url"] = f"{self.address}/pay/{made['id']}"
        return made

    def _expanded(self, session: dict[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(session)
        if found["setup_intent"] and "setup_intent.payment_method" in params.get("expand", ()):
            intent = dict(self.objects[found["setup_intent"]])
            intent["payment_method"] = self.objects[intent["payment_method"]]
            found["setup_intent"] = intent
        return found

    def _intent(self, params: dict[str, Any]) -> dict[str, Any]:
        _only(params, "amount", "currency", "customer", "payment_method", "metadata", "payment_method_types")
        self._found(params["customer"])
        method = self._found(params["payment_method"])
        amount = int(params.pop("amount"))
        if method["customer"] != params["customer"]:
            raise Refusal(400, "invalid_request_error", "resource_missing", "another customer's", "payment_method")
        if method["type"] not in params["payment_method_types"]:
            raise Refusal(400, "invalid_request_error", "", "not of these types", "payment_method")
        if amount < 50:
            raise Refusal(400, "invalid_request_error", "amount_too_small", "at least 50 cents", "amount")
        return self.new("pi", "payment_intent", status="requires_confirmation", amount=amount, next_action=None,
                        last_payment_error=None, cancellation_reason=None, card=method["id"], **params)  # fmt: skip

    def _confirm(self, intent: dict[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
        if intent["status"] != "requires_confirmation":
            raise Refusal(400, "invalid_request_error", "payment_intent_unexpected_state", intent["status"])
        intent["confirmed"] = self.now()
        card = self._behaviour(intent)
        if card.get("confirm"):
            if params.get("off_session"):
                return self._declined(intent, {"code": "authentication_required"})
            address = f"{self.address}/bank/{intent['id']}"
            intent.update(status="requires_action", next_action={"type": "redirect_to_url",
                          "redirect_to_url": {"url": address, "return_url": params["return_url"]}})  # fmt: skip
            self.tell("payment_intent.requires_action", intent)
            return intent
        if card.get("days"):
            intent["status"] = "processing"
            self.tell("payment_intent.processing", intent)
            return intent
        return self._end(intent, card) if "code" not in card else self._declined(intent, card)

    def _end(self, intent: dict[str, Any], card: Mapping[str, Any]) -> dict[str, Any]:
        """A payment comes to its end."""
        if "code" in card:
            error = {name: card[name] for name in ("code", "decline_code") if name in card}
            intent.update(status="requires_payment_method", payment_method=None, last_payment_error=error)
            self.tell("payment_intent.payment_failed", intent)
        else:
            intent["status"] = "succeeded"
            self.tell("payment_intent.succeeded", intent)
        return intent

    def _declined(self, intent: dict[str, Any], card: Mapping[str, Any]) -> dict[str, Any]:
        self._end(intent, card)
        raise Refusal(402, "card_error", card["code"], "Your card was declined.",
                      decline_code=card.get("decline_code"), payment_intent=intent)  # fmt: skip

    def _cancel(self, intent: dict[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
        if not intent["status"].startswith("requires_"):
            raise Refusal(400, "invalid_request_error", "payment_intent_unexpected_state", intent["status"])
        intent.update(status="canceled", next_action=None, cancellation_reason=params.get("cancellation_reason"))
        self.tell("payment_intent.canceled", intent)
        return intent

    def _refund(self, params: dict[str, Any]) -> dict[str, Any]:
        intent = self._found(params["payment_intent"])
        given = sum(one["amount"] for one in self.objects.values() if one["object"] == "refund"
                    and one["payment_intent"] == intent["id"] and one["status"] != "failed")  # fmt: skip
        amount = int(params.pop("amount", intent["amount"] - given))
        if intent["status"] != "succeeded":
            raise Refusal(400, "invalid_request_error", "", "This payment has no successful charge.")
        if given == intent["amount"]:
            raise Refusal(400, "invalid_request_error", "charge_already_refunded", "already refunded")
        if amount > intent["amount"] - given:
            raise Refusal(400, "invalid_request_error", "", "greater than the unrefunded amount", "amount")
        why = self._behaviour(intent).get("refund")
        made = self.new("re", "refund", amount=amount, currency=intent["currency"],
                        status="failed" if why else "succeeded", failure_reason=why, **params)  # fmt: skip
        self.tell("refund.failed" if why else "refund.created", made)
        return made


def _only(params: dict[str, Any], *names: str) -> dict[str, Any]:
    """The parameters, if Stripe knows them all."""
    for name in params:
        if name not in names:
            raise Refusal(400, "invalid_request_error", "parameter_unknown", f"unknown parameter: {name}", name)
    return params


def decoded(text: str) -> dict[str, Any]:
    """A form of Stripe's: created[gte]=1&types[0]=a becomes {"created": {"gte": "1"}, "types": ["a"]}."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, _, rest = name.partition("[")
        if not rest:
            found[first] = value
        elif rest.removesuffix("]").isdigit() or rest == "]":
            found.setdefault(first, []).append(value)
        else:
            found.setdefault(first, {})[rest.removesuffix("]")] = value
    return found


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    stripe: StripeServer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path.startswith("/pay/"):
            self._pay(self.path.removeprefix("/pay/"))
        else:
            self._serve("GET", urlsplit(self.path).query)

    def _pay(self, session: str) -> None:
        """The page where a card is entered, as a person meets it: one link that enters it."""
        id_, _, done = session.partition("?")
        if done:
            self.stripe.complete(id_)
            self.send_response(302)
            self.send_header("Location", self.stripe.objects[id_]["success_url"])
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send(200, f'<h1>Stripe</h1><a href="/pay/{id_}?entered">Save card</a>'.encode(), "text/html")

    def do_POST(self) -> None:
        self._serve("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

    def _serve(self, method: str, text: str) -> None:
        server, path = self.stripe, urlsplit(self.path).path
        with server.lock:
            server._number += 1
            number = server._number
        if self._trouble(server.trouble(number, "before", f"{method} {path}")):
            return
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            self._say(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided"}})
            return
        try:
            status, body = server.answer(method, path, decoded(text), self.headers.get("Idempotency-Key", ""))
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        if not self._trouble(server.trouble(number, "after", f"{method} {path}")):
            self._say(status, body)

    def _trouble(self, how: str) -> bool:
        if how == "drop":
            self.close_connection = True
        elif how == "nonsense":
            self._send(200, b"<html>Service under maintenance")
        elif how == "list":
            self._send(200, b"[1, 2]")
        elif how == "empty":
            self._send(200, b"{}")
        elif how == "error":
            self._say(500, {"error": {"type": "api_error", "message": "something went wrong"}})
        return bool(how)

    def _say(self, status: int, body: Mapping[str, Any]) -> None:
        self._send(status, json.dumps(body).encode())

    def _send(self, status: int, content: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
