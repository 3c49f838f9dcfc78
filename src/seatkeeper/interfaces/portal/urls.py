"""Addresses of the portal. Every sheet, receipt and filter has its own."""

from __future__ import annotations

from django.urls import path

from seatkeeper.interfaces.portal.views import (
    bills,
    buying,
    help_pages,
    licences,
    methods,
    ordering,
    overview,
    paying,
    products,
    receipts,
    renewal,
    savings,
    selected,
    session,
    sheets,
)

urlpatterns = [
    path("", overview.home, name="overview"),
    path("overview.csv", overview.export),
    path("products", products.listing, name="products"),
    path("products.csv", products.export),
    path("preferences/products", products.prefer),
    path("products/selected/<slug:slug>", selected.sheet, name="selected"),
    path("products/<str:reference>", products.detail, name="subscription"),
    path("products/<str:reference>/renewal", renewal.rehearsal, name="renewal"),
    path("products/<str:reference>/<slug:slug>", sheets.subscription_sheet, name="sheet"),
    path("buy", buying.catalogue, name="buy"),
    path("buy/<str:product>", buying.offer, name="offer"),
    path("buy/<str:product>/<slug:kind>", buying.order, name="order"),
    path("cart", ordering.cart, name="cart"),
    path("checkout", ordering.checkout, name="checkout"),
    path("licences", licences.listing, name="licences"),
    path("licences/<str:product>", licences.holders, name="holders"),
    path("licences/<str:product>/<slug:kind>", licences.change, name="assign"),
    path("bills", bills.listing, name="bills"),
    path("bills.csv", bills.export),
    path("bills/methods", methods.listing, name="methods"),
    path("bills/overdue/pay", paying.pay_overdue, name="pay-overdue"),
    path("bills/<str:number>", bills.detail, name="bill"),
    path("bills/<str:number>/pay", paying.pay, name="pay"),
    path("savings", savings.listing, name="savings"),
    path("savings.csv", savings.export),
    path("done/<str:reference>", receipts.receipt, name="receipt"),
    path("help", help_pages.index, name="help"),
    path("help/<slug:topic>", help_pages.page, name="help-topic"),
    path("sign-in", session.sign_in_page, name="sign-in"),
    path("sign-in/<str:token>", session.sign_in, name="sign-in-link"),
    path("sign-out", session.sign_out, name="sign-out"),
    path("preferences/language/<slug:language>", session.language),
    path("preferences/theme/<slug:theme>", session.theme),
]
