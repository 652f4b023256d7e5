"""Comments of staff on an entry, shown only to staff."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from projects.models import Comment
from projects.text import plain_newlines, validate_plain_text

from .lists import require
from .recorded import RecordedAdmin

LONGEST = 1000
# The pages of an entry that show its comments.
PAGES = [(name, name) for name in ("change", "history", "review", "comments")]


class LinesField(forms.CharField):
    """A text of several lines; browsers send two characters for a line break, and count one."""

    widget = forms.Textarea

    def to_python(self, value):
        return plain_newlines(super().to_python(value) or "")


class CommentForm(forms.Form):
    """A comment; `page` is the page on which it was written."""

    text = LinesField(
        label=_("Add a comment"),
        max_length=LONGEST,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("Staff see it, the public does not. It cannot be changed."),
        error_messages={"required": _("Write the comment.")},
    )
    # The form of files on the same page has an "id_page" too.
    page = forms.ChoiceField(
        choices=PAGES, widget=forms.HiddenInput(attrs={"id": "id_comment_page"})
    )


def comments_context(request, key: int, page: str) -> dict:
    may_comment = request.user.has_perm("projects.add_comment")
    form = CommentForm(initial={"page": page}) if may_comment else None
    return {"comments": Comment.objects.by_project([key])[key], "comment_form": form}


class CommentedAdmin(RecordedAdmin):
    own_pages = [("<int:pk>/comments/", "comments_view", "projects_project_comments")]

    def comments_view(self, request, pk):
        """Show the comments on an entry; a POST adds one, and returns to its page."""
        project = self.record_to_see(request, pk)
        context = comments_context(request, project.pk, "comments")
        if request.method == "POST":
            require(request.user.has_perm("projects.add_comment"))
            context["comment_form"] = form = CommentForm(request.POST)
            if form.is_valid():
                Comment.objects.create(
                    project=project,
                    reference=project.reference,
                    text=form.cleaned_data["text"],
                    by=request.user,
                    by_name=request.user.get_username(),
                )
                messages.success(request, _("Your comment is saved."))
                return redirect(f"admin:projects_project_{form.cleaned_data['page']}", project.pk)
        context["original"] = project
        return self.own_page(request, "comments", _("Comments"), context)

    def render_change_form(self, request, context, *args, **kwargs):
        if project := kwargs.get("obj"):
            context |= comments_context(request, project.pk, "change")
        return super().render_change_form(request, context, *args, **kwargs)

    def versions_context(self, request, record):
        context = super().versions_context(request, record)
        return context | comments_context(request, record.pk, "history")
