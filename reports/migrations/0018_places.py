"""Says which report's matrix each entry is, or may be, one of, and makes placeholders bare.

The numbers of the first entries said so before. What staff wrote about a placeholder becomes a
draft with a number of its own; a placeholder that was deleted comes back.
"""

import re

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

SYSTEMATIC_TITLE = r"^Unidentified project \d+ of \d+ \(|: project \d+ of \d+$"
REGIONS = ("in_africa", "in_mena", "in_asia", "in_europe", "in_americas")
EMPTY = {
    **dict.fromkeys(("summary", "methodology", "link", "start_date", "end_date"), ""),
    "status": "not-stated",
}
BARE = {
    **EMPTY,
    **dict.fromkeys(REGIONS, False),
    **{"scope": "", "scope_basis": "", "regions_basis": "", "priority_area_basis": "stated"},
    **{"provenance": "counted", "in_matrix": "yes"},
}
# A source that is the report's own count of an area.
OF_REPORT = re.compile(r"[^,;]+, paras?\. [0-9]+")


class Reports:
    """The reports' slugs by symbol, that of the basis, and how many projects each counts."""

    def __init__(self, apps):
        reports = apps.get_model("reports", "Report")._base_manager
        figures = apps.get_model("reports", "Figure")._base_manager
        public = reports.exclude(review__in=("draft", "set-aside"))
        basis = public.filter(is_basis=True).order_by("-date", "symbol").first()
        self.basis = basis.slug if basis else ""
        self.slugs = dict(reports.values_list("symbol", "slug"))
        whole = figures.filter(query="", category="", unit="projects")
        self.wholes = dict(whole.values_list("report__slug", "value"))

    def of_source(self, source, otherwise):
        return self.slugs.get(source.partition(",")[0], otherwise)


def place(projects, reports, slug, whole):
    """Say of the rows of the register, or of an edition, who holds a place there."""
    counted = projects.filter(provenance="counted")
    for source in {*counted.values_list("source", flat=True)}:
        counted.filter(source=source).update(report=reports.of_source(source, slug))
    made_with = Q(in_matrix="not-stated", number__lte=whole) if whole else Q(in_matrix="not-stated")
    described = projects.exclude(provenance="counted").filter(Q(in_matrix="yes") | made_with)
    described.update(report=slug)
    projects.filter(report=slug).exclude(in_matrix="no").update(holds_place=True)


def fill(apps, schema_editor):
    reports = Reports(apps)
    projects = apps.get_model("projects", "Project")._base_manager
    is_guarded = schema_editor.connection.vendor == "postgresql"
    if is_guarded:
        schema_editor.execute("ALTER TABLE projects_project DISABLE TRIGGER frozen_update")
    for edition in apps.get_model("projects", "Edition")._base_manager.all():
        rows, slug = projects.filter(edition=edition), edition.report or reports.basis
        last = rows.filter(provenance="counted").order_by("number").last()
        # As its file was written, whose bytes stay, or where that has every row as its pages were.
        whole = reports.wholes.get(slug, 0) if edition.has_filled_in else last and last.number
        place(rows, reports, slug, whole or 0)
    if is_guarded:
        # Rows that were updated twice have checks that wait, and a table with these is not altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("ALTER TABLE projects_project ENABLE TRIGGER frozen_update")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")
    live = projects.filter(edition=None)
    place(live, reports, reports.basis, reports.wholes.get(reports.basis, 0))
    Placeholders(apps, reports).make_bare()
    drop_matches(apps)


class Placeholders:
    def __init__(self, apps, reports):
        self.apps, self.reports = apps, reports
        self.projects = apps.get_model("projects", "Project")._base_manager
        self.revisions = apps.get_model("projects", "Revision")._base_manager
        types = apps.get_model("contenttypes", "ContentType")._base_manager
        self.kind = types.filter(app_label="projects", model="project").first()
        self.of_projects = self.revisions.filter(content_type=self.kind)
        live = self.projects.filter(edition=None)
        numbers = [*live.values_list("number", flat=True)]
        keys = self.of_projects.filter(action="deleted").values_list("key", flat=True)
        self.next = max([*numbers, *(int(key[4:]) for key in keys), 0]) + 1

    def make_bare(self):
        live = self.projects.filter(edition=None, provenance="counted")
        # A draft is no placeholder: nobody has published it.
        for draft in live.filter(review="draft"):
            last = self.of_projects.filter(object_id=draft.pk).order_by("pk").last()
            draft.provenance = "confirmed"
            draft.save()
            if last:
                self.record(self.kind, draft.pk, last.new, {**last.new, "provenance": "confirmed"})
        changed = self.of_projects.values("object_id")
        for project in live.filter(pk__in=changed).order_by("number"):
            last = self.of_projects.filter(object_id=project.pk).order_by("pk").last()
            self.carry_over(project, last.new or last.old)
        for last in self.deleted():
            old = last.old
            project = self.projects.model(
                pk=last.object_id,
                reference=old["reference"],
                title=old["title"],
                priority_area=old["priority_area"],
                source=old["source"],
                report=self.reports.of_source(old["source"], self.reports.basis),
                review="set-aside",
                **BARE,
            )
            project.save(force_insert=True)
            self.carry_over(project, old)

    def deleted(self):
        """Return the revisions that deleted a placeholder which never came back."""
        gone = self.of_projects.filter(action="deleted", is_public=True).order_by("pk")
        last = {one.object_id: one for one in gone if one.old.get("provenance") == "counted"}
        there = {*self.projects.values_list("pk", flat=True)}
        later = dict(self.of_projects.order_by("pk").values_list("object_id", "pk"))
        return [one for key, one in last.items() if key not in there and later[key] == one.pk]

    def carry_over(self, project, version):
        """Make a placeholder bare; what its last version says of a project becomes a draft."""
        if self.has_facts(version):
            self.make_draft(project, version)
        first = self.first(project) or version
        is_systematic = re.search(SYSTEMATIC_TITLE, first["title"])
        project.title = first["title"] if is_systematic else "Unidentified project"
        project.priority_area, project.source = first["priority_area"], first["source"]
        for name, value in BARE.items():
            setattr(project, name, value)
        if project.review != "set-aside":
            project.review = "reviewed"
        project.save()
        for links in ("countries", "entities"):
            getattr(project, links).clear()
        self.apps.get_model("projects", "Quotation")._base_manager.filter(project=project).delete()

    def has_facts(self, version):
        """Return whether a version says anything but an area, a scope and regions."""
        names = ("countries", "entities", *EMPTY)
        said = any(version.get(name) not in ("", [], None, EMPTY.get(name)) for name in names)
        is_named = not re.search(SYSTEMATIC_TITLE, version["title"])
        quoted = {*version.get("quotations", ())} - {"priority_area", "scope", "regions"}
        return said or is_named or bool(self.own_sources(version)) or bool(quoted)

    def own_sources(self, version):
        """Return the sources of a version besides the paragraph that counts the area."""
        parts = (part.strip() for part in version["source"].split(";"))
        return [part for part in parts if part and not self.is_of_report(part)]

    def is_of_report(self, source):
        symbol = source.partition(",")[0]
        return symbol in self.reports.slugs and OF_REPORT.fullmatch(source)

    def first(self, project):
        """Return the first version, which nobody had changed."""
        first = self.of_projects.filter(object_id=project.pk).order_by("pk").first()
        return first and (first.old or first.new)

    def record(self, kind, key, old, new, reason=""):
        names = {"action": "changed" if old else "added", "old": old, "new": new, "reason": reason}
        at = {"at": timezone.now(), "is_public": False}
        self.revisions.create(content_type=kind, object_id=key, key=new["reference"], **names, **at)

    def make_draft(self, project, version):
        reference, self.next = f"PVE-{self.next:03}", self.next + 1
        is_scope_known = version.get("scope_basis") in ("stated", "inferred")
        are_regions_known = version.get("regions_basis") in ("stated", "inferred")
        said = {
            **version,
            "reference": reference,
            "provenance": "confirmed",
            "in_matrix": "yes",
            "review": "draft",
            "report": project.report,
            # The paragraph that counts a placeholder confirms nothing.
            "source": "; ".join(self.own_sources(version))
            or f"To be named: see the history of {version['reference']}",
            "scope": version["scope"] if is_scope_known else "",
            "scope_basis": version["scope_basis"] if is_scope_known else "",
            "regions": version["regions"] if are_regions_known else [],
            "regions_basis": version["regions_basis"] if are_regions_known else "",
        }
        left_out = ("countries", "entities", "quotations", "regions")
        draft = self.projects.create(
            **{name: value for name, value in said.items() if name not in left_out},
            **{name: name[3:] in said["regions"] for name in REGIONS},
        )
        for name, model, key in (
            ("countries", "Country", "code"),
            ("entities", "Entity", "acronym"),
        ):
            there = self.apps.get_model("projects", model)._base_manager
            getattr(draft, name).set(there.filter(**{f"{key}__in": said[name]}))
        for name in ("Comment", "Evidence"):
            model = self.apps.get_model("projects", name)
            attached = model._base_manager.filter(project_id=project.pk)
            types = self.apps.get_model("contenttypes", "ContentType")._base_manager
            kind = types.filter(app_label="projects", model=name.lower()).first()
            for key in [*attached.values_list("pk", flat=True)]:
                recorded = self.revisions.filter(content_type=kind, object_id=key)
                last = recorded.order_by("pk").last() if name == "Evidence" else None
                if last:
                    self.record(kind, key, last.new, {**last.new, "reference": reference})
            attached.update(project=draft, reference=reference)
        quotations = self.apps.get_model("projects", "Quotation")._base_manager
        quotations.filter(project=project).update(project=draft)
        corrections = self.apps.get_model("projects", "Correction")._base_manager
        of_it = corrections.filter(reference=version["reference"], state="open")
        of_it.update(reference=reference)
        reason = f"What was written about {version['reference']}, which is a placeholder"
        self.record(self.kind, draft.pk, None, said, reason)


def drop_matches(apps):
    """Let sheets that wait be matched and previewed again; their files and answers stay."""
    for batch in apps.get_model("projects", "Batch")._base_manager.filter(applied_at=None):
        if bytes(batch.sheet):
            for name in ("matched_at", "assigned", "set_aside", "moved"):
                batch.options.pop(name, None)
            batch.content, batch.digest = b"", ""
            batch.save()


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0017_plans_removed"),
        ("projects", "0042_places"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
