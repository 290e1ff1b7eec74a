"""Stock SpiffWorkflow does what the standard says where there are no loops: the oracle reads the standard rightly."""

import pytest

from tests.generated import Generated, generate
from tests.unit.oracle.orders import Moment, Undefined, each_order, orders, values
from tests.unit.oracle.ours import asked
from tests.unit.oracle.stock import Stock, fails
from tests.unit.oracle.test_ours import accepted

SEEDS = 400
BLOCK = 25


def same(moment: Moment, stock: Stock) -> None:
    ended, waiting = stock.marking()
    assert sorted(waiting.elements()) == sorted(asked(act) for act in moment.game.acts())
    assert ended == moment.game.ended


def follow(generated: Generated, first: Moment) -> None:
    """Stock is not saved on the way, so each order begins anew."""
    for order in each_order(first):
        stock, moment = Stock(generated), first
        same(moment, stock)
        for act, after in order:
            stock.do(act, values(generated, moment, act))
            same(after, stock)
            moment = after


@pytest.mark.parametrize("block", range(SEEDS // BLOCK))
def test_stock_is_the_oracle_without_loops(block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        generated = generate(seed)
        if generated.looped or fails(generated) or accepted(seed) is None:
            continue
        try:
            tree = orders(generated)
        except Undefined:
            continue
        follow(generated, tree)
