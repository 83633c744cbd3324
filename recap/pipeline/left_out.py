"""Who is left out as things stand now, without reading what anybody did."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from recap.delivery.erasure.forgotten import recognise_forgotten
from recap.errors import SourceError
from recap.pipeline.prepare import CampaignFile
from recap.sources.connection import connect
from recap.sources.people import read_left_out


def left_out_now(file: CampaignFile, among: Iterable[str] = ()) -> frozenset[str]:
    """Give the ids of customers who opted out or were forgotten since: whoever reads them leaves them out.

    Opted out are those of whom the customers table or the list `opt_outs` says so. No list is kept of the
    forgotten: they are found where their ids stand, in these two tables and `among` further ids. Raises
    SourceError or OutputError.
    """
    is_forgotten = recognise_forgotten(file.folder, os.environ, file.campaign.id)
    with tempfile.TemporaryDirectory(prefix="recap-") as scratch:
        connection = connect(None, Path(scratch))
        try:
            found = read_left_out(file.campaign, connection, base=file.folder, is_forgotten=is_forgotten)
        except SourceError as error:
            raise file.located(error) from error
        finally:
            connection.close()
    return found if is_forgotten is None else found.union(filter(is_forgotten, among))
