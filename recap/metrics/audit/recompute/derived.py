"""What rests on other metrics or on everyone: standing, ratio, archetype, early_adopter and the like."""

from typing import Any

from recap.metrics.audit.customers import Customer, Recomputed
from recap.metrics.audit.exact import Exact, nanos, quotient, time_text
from recap.metrics.audit.recompute.leading import amount_rests


def standing(metric: Any, customer: Customer) -> Recomputed | None:
    """Take over the other metric's value; with `within`, name the group that makes the cohort."""
    other = customer.results[metric.of]
    if other is None or other.number is None:
        return None
    group = None
    if metric.within is not None:
        grouping = customer.results[metric.within]
        if grouping is None or grouping.text is None:
            return None
        group = grouping.text
    detail = {**other.detail, "of": metric.of, "group": group}
    return Recomputed(other.number, other.text, detail, other.rests, other.beyond)


def ratio(metric: Any, customer: Customer) -> Recomputed | None:
    """Divide one metric's number by another's."""
    of, to = customer.results[metric.of], customer.results[metric.to]
    if of is None or of.number is None or to is None or to.number is None or to.number <= 0:
        return None
    exact = quotient(of.number, to.number)
    detail = {"exact": exact, "part": of.number, "whole": to.number}
    return Recomputed(exact, None, detail, of.rests, of.beyond)


def comparison(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the largest thing that fits into another metric's number."""
    of = customer.results[metric.of]
    if of is None or of.number is None:
        return None
    number = nanos(of.number)
    fitting = [thing for thing in metric.things if nanos(thing.size) <= number]
    if not fitting:
        return None
    thing = max(fitting, key=lambda thing: thing.size)
    exact = quotient(of.number, thing.size)
    detail = {"exact": exact, "thing": thing.id, "amount": of.number}
    return Recomputed(exact, thing.id, detail, of.rests, of.beyond)


def rule_of(metric: Any, customer: Customer) -> str:
    """Give the id of the first rule whose conditions all hold."""
    return next(
        str(rule.id)
        for rule in metric.rules
        if all(_holds(bounds, customer.results[name]) for name, bounds in (rule.when or {}).items())
    )


def _holds(bounds: Any, other: Recomputed | None) -> bool:
    if other is None or other.number is None:
        return False
    number = nanos(other.number)
    return (
        (bounds.at_least is None or number >= nanos(bounds.at_least))
        and (bounds.more_than is None or number > nanos(bounds.more_than))
        and (bounds.at_most is None or number <= nanos(bounds.at_most))
        and (bounds.less_than is None or number < nanos(bounds.less_than))
    )


def archetype(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the customer's rule, and the share of those it holds for."""
    events = customer.events(metric)
    if not events.at:
        return None
    rule, sizes = rule_of(metric, customer), customer.base.holders[metric.id]
    holders, cohort = sizes.get(rule, 0), sum(sizes.values())
    share = quotient(holders, cohort) if cohort else None
    detail = {"exact": share, "archetype": rule, "holders": holders, "cohort": cohort}
    return Recomputed(share, rule, detail, events.at)


def early_adopter(metric: Any, customer: Customer) -> Recomputed | None:
    """Tell of what the customer was early with."""
    told = customer.base.adoptions[metric.id].get(customer.id)
    if told is None:
        return None
    events = customer.events(metric, "ever")
    column = events.column(f"text:{metric.by}")
    rests = [at for at, name in zip(events.at, column, strict=True) if name == told.label][:1]
    detail = {
        "exact": told.place,
        "label": told.label,
        "place": told.place,
        "customers": told.customers,
        "time": time_text(told.local),
        "shared": told.is_shared,
        "found": told.found,
    }
    return Recomputed(told.place, told.label, detail, rests)


def community(metric: Any, customer: Customer) -> Recomputed | None:
    """Tell of everyone's total and the customer's own."""
    together, events = customer.base.together[metric.id], customer.events(metric)
    rests = amount_rests(events, metric.of)
    if not rests:
        return None
    own: Exact = len(rests) if metric.of is None else sum(events.values(f"sum:{metric.of}"))
    detail = {"exact": together.exact, "customers": together.customers, "own": own}
    return Recomputed(together.exact, None, detail, rests, together.rows - len(rests))
