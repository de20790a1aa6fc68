#!/usr/bin/env python3
"""The files of .github and .devcontainer are what their readers expect, as far as that can be checked
here: they run only scripts of this repository; workflows have minimal permissions,
actions pinned by major version and no expression inside a command; issue forms
have the members that their kind requires.

Usage: check_workflows.py [DIRECTORY]   (default: the repository)
"""
import json
import os
import pathlib
import re
import sys

try:
    import yaml
except ImportError:
    print("skipped: python3-yaml is not installed")
    sys.exit(77)

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
faults = []


def expect(holds, where, sentence):
    if not holds:
        faults.append(f"{where}: {sentence}")


def load(path):
    """The document, with YAML 1.1's reading of the key `on` as true undone."""
    try:
        document = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        faults.append(f"{path.relative_to(ROOT)}: not YAML: {error}")
        return None
    if isinstance(document, dict) and True in document:
        document["on"] = document.pop(True)
    return document


def check_run(where, command):
    """A step's command: one script of the repository and its arguments."""
    expect("${{" not in command, where,
           "an expression inside a command; pass it through the environment")
    for line in filter(None, map(str.strip, command.splitlines())):
        match = re.fullmatch(r'([\w./-]+)((?: (?:[\w.=/-]+|"\$[A-Z_]+"))*)', line)
        if not match:
            faults.append(f"{where}: expected a script and its arguments, found {line!r}")
            continue
        script = ROOT / match[1]
        expect(script.is_file(), where, f"there is no {match[1]}")
        expect(os.access(script, os.X_OK), where, f"{match[1]} is not executable")


def check_step(where, step):
    expect(("run" in step) != ("uses" in step), where, "expected either run or uses")
    if "run" in step:
        check_run(where, step["run"])
    else:
        expect(re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]), where,
               f"expected an action of GitHub pinned by major version, found {step['uses']}")


def check_permissions(where, permissions):
    expect(isinstance(permissions, dict), where, "permissions are not listed one by one")
    for scope, access in (permissions or {}).items() if isinstance(permissions, dict) else ():
        expect(access == "read" or (where.endswith("publish") and scope == "contents"), where,
               f"{scope}: {access} is more than it needs")


def check_job(where, job, jobs):
    for member in ("runs-on", "timeout-minutes", "steps"):
        expect(member in job, where, f"{member} is missing")
    needs = job.get("needs", [])
    for other in [needs] if isinstance(needs, str) else needs:
        expect(other in jobs, where, f"needs {other}, which is no job of this workflow")
    if "container" in job:
        expect(job["container"].get("image") == "debian:bookworm", where,
               "the supported system is debian:bookworm")
    if "permissions" in job:
        check_permissions(where, job["permissions"])
    for number, step in enumerate(job.get("steps", []), 1):
        check_step(f"{where}, step {number}", step)


def check_workflow(path):
    name = str(path.relative_to(ROOT))
    workflow = load(path)
    if workflow is None:
        return
    for member in ("name", "on", "permissions", "jobs"):
        expect(member in workflow, name, f"{member} is missing")
    check_permissions(name, workflow.get("permissions"))
    for key, job in workflow.get("jobs", {}).items():
        check_job(f"{name}, job {key}", job, workflow["jobs"])


def check_form(path):
    """An issue form; docs.github.com, "Syntax for GitHub's form schema"."""
    name = str(path.relative_to(ROOT))
    form = load(path)
    if form is None:
        return
    for member in ("name", "description", "body"):
        expect(form.get(member), name, f"{member} is missing")
    ids = [field["id"] for field in form.get("body", []) if "id" in field]
    expect(len(ids) == len(set(ids)), name, "two fields have one id")
    for field in form.get("body", []):
        kind, attributes = field.get("type"), field.get("attributes", {})
        needed = {"markdown": "value", "input": "label", "textarea": "label",
                  "dropdown": "options", "checkboxes": "options"}.get(kind)
        expect(needed is not None, name, f"unknown type {kind}")
        expect(needed in attributes, name, f"a {kind} without {needed}")
        expect(kind == "markdown" or "label" in attributes, name, f"a {kind} without a label")
    expect(any(field.get("type") != "markdown" for field in form.get("body", [])), name,
           "a form needs a field to fill in")


def check_devcontainer(path):
    container = json.loads(path.read_text())
    expect(container["image"] == "debian:bookworm", path.name, "the supported system is debian:bookworm")
    check_run(path.name, container["postCreateCommand"])


workflows = sorted((ROOT / ".github/workflows").glob("*"))
forms = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")
               if path.name != "config.yml")
expect(workflows, ".github/workflows", "no workflow was found")
expect(forms, ".github/ISSUE_TEMPLATE", "no issue form was found")
for workflow_file in workflows:
    check_workflow(workflow_file)
for form_file in forms:
    check_form(form_file)
check_devcontainer(ROOT / ".devcontainer/devcontainer.json")
for fault in faults:
    print(f"FAILED: {fault}")
print(f"{len(workflows)} workflows, {len(forms)} issue forms, {len(faults)} faults")
sys.exit(1 if faults else 0)
