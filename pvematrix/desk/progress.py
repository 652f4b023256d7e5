"""How far the work on an import is that takes longer than a page may, and what came of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.imports import background
from projects.imports.background import State, Task
from projects.models import Batch

from .lists import ReadOnlyAdmin

TITLES = {
    Task.PREVIEW: gettext_lazy("Looking through “%s”"),
    Task.APPLY: gettext_lazy("Importing “%s”"),
    Task.UNDO: gettext_lazy("Undoing the import of “%s”"),
}
DONE = {
    Task.APPLY: gettext_lazy("The import is done."),
    Task.UNDO: gettext_lazy("The import is undone, as a whole."),
}


def as_data(request) -> bool:
    """Return whether a script asks, that shows by itself how far something is."""
    kinds = ["text/html", "application/json"]
    return request.get_preferred_type(kinds) == "application/json"


def is_going_on(pk: int) -> bool:
    """Return whether a process works on the import."""
    state = background.state_of(pk)
    return state is not None and state.is_going_on


def words_of(state: State) -> str:
    """Return how far a task is."""
    done, total = (number_format(one, force_grouping=True) for one in (state.done, state.total))
    known = {"done": done, "total": total}
    return _("%(done)s of %(total)s rows") % known


class ProgressAdmin(ReadOnlyAdmin):
    """Shows how far the work on an import is, and leads to what came of it."""

    # As BatchAdmin has them.
    _allow: Callable[[bool], None]
    _page: Callable[..., HttpResponseBase]
    has_import_permission: Callable[[Any], bool]
    has_undo_permission: Callable[[Any], bool]

    def _begin(self, request, batch: Batch, task: Task, digest: str = "", reason: str = ""):
        """Let a process of its own do it, and lead to the page that says how far it is."""
        background.begin(batch, task, request.user, digest, reason)
        return redirect("admin:projects_batch_progress", batch.pk)

    def done(self, request, batch: Batch, task: Task):
        """Say that the import is done or undone, and lead to it."""
        messages.success(request, DONE[task])
        pk = Batch.objects.get(undoes=batch).pk if task == Task.UNDO else batch.pk
        return redirect("admin:projects_batch_change", pk)

    def progress_view(self, request, pk):
        """Show how far the work on an import is, as data too; lead to what came of it."""
        may_see = self.has_import_permission(request) or self.has_undo_permission(request)
        self._allow(may_see)
        batch = get_object_or_404(Batch.objects.defer("content", "sheet"), pk=pk)
        state = background.state_of(pk)
        if as_data(request):
            return JsonResponse(
                {
                    "done": state.done if state else 0,
                    "text": words_of(state) if state else "",
                    "isGoingOn": state is not None and state.is_going_on,
                }
            )
        if state and state.is_going_on:
            title = TITLES[state.task] % batch.file_name
            context = {"title": title, "batch": batch, "state": state, "words": words_of(state)}
            return self._page(request, "admin/import_progress.html", context)
        return self._outcome(request, batch, state)

    def _outcome(self, request, batch: Batch, state: State | None):
        """Lead to what came of a task that is not going on; say so if it broke off."""
        is_done = bool(batch.applied_at)
        back = f"admin:projects_batch_{'change' if is_done else 'preview'}"
        if state is None:
            return redirect(back, batch.pk)
        if state.refused:
            messages.error(request, state.refused)
            # A preview that is refused would only be begun again.
            again = state.task == Task.PREVIEW and not is_done
            return redirect("admin:projects_batch_import") if again else redirect(back, batch.pk)
        # What is written, the database says: a process may have ended before it could.
        if state.task == Task.APPLY and is_done:
            return self.done(request, batch, Task.APPLY)
        if state.task == Task.UNDO and Batch.objects.filter(undoes=batch).exists():
            return self.done(request, batch, Task.UNDO)
        if state.task == Task.PREVIEW and (state.is_over or is_done):
            return redirect(back, batch.pk)
        context = {"title": _("The work on “%s” stopped") % batch.file_name, "back": back}
        return self._page(request, "admin/import_stopped.html", context | {"batch": batch})
