"""Grafana's JSON, as far as the dashboard needs it: panels, variables, links. Functions return plain dictionaries; what
Grafana would fill in by itself is written out, so that it saves the dashboard as it found it."""

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
SCHEMA_VERSION = 42  # Grafana 12's; older ones read it too
BLUE, GREEN, ORANGE, RED, GREY = "blue", "green", "orange", "red", "text"


def target(ref, expr, legend="__auto", kind="range"):
    """One query. `kind`: range (a line), instant (one value a series), table (the same, labels as columns)."""
    return {
        "refId": ref, "datasource": DATASOURCE, "editorMode": "code", "expr": expr, "legendFormat": legend,
        "range": kind == "range", "instant": kind != "range",
        "format": "table" if kind == "table" else "time_series",
    }


def targets(queries, kind="range"):
    """Queries are pairs of expression and legend."""
    return [target(chr(ord("A") + index), expr, legend, kind) for index, (expr, legend) in enumerate(queries)]


def thresholds(*steps, base=GREEN):
    """Steps are pairs of a value and the colour from there up."""
    return {"mode": "absolute", "steps": [{"value": None, "color": base},
                                          *({"value": value, "color": color} for value, color in steps)]}


def fixed(color):
    return {"mode": "fixed", "fixedColor": color}


def shades(color):
    """Of several series, each another shade."""
    return {"mode": "shades", "fixedColor": color}


def value_names(names):
    """A mapping of values to pairs of text and colour."""
    return {"type": "value", "options": {str(value): {"text": text, "color": color, "index": index}
                                         for index, (value, (text, color)) in enumerate(names.items())}}


def override(name, **properties):
    """What is different for one column or one legend; `custom_width` is written custom.width."""
    return _override({"id": "byName", "options": name}, properties)


def override_matching(pattern, **properties):
    return _override({"id": "byRegexp", "options": pattern}, properties)


def _override(matcher, properties):
    return {"matcher": matcher, "properties": [{"id": key.replace("custom_", "custom."), "value": value}
                                               for key, value in properties.items()]}


def link(title, url, tooltip=""):
    return {"title": title, "type": "link", "icon": "external link", "tooltip": tooltip, "url": url, "tags": [],
            "asDropdown": False, "targetBlank": True, "includeVars": False, "keepTime": False}


def data_link(title, url, in_new_tab=True):
    return {"title": title, "url": url, "targetBlank": in_new_tab}


def _panel(kind, title, description, queries, options, defaults, overrides=(), **more):
    return {"type": kind, "title": title, "description": description, "datasource": DATASOURCE, "targets": queries,
            "options": options, "fieldConfig": {"defaults": defaults, "overrides": list(overrides)}, **more}


def _last():
    return {"calcs": ["lastNotNull"], "fields": "", "values": False}


def stat(title, description, expr, unit="short", *, legend="", steps=None, names=None, show="auto", decimals=None):
    """One number, as of now. `show`: name shows the legend instead of the value."""
    defaults = {"unit": unit, "color": {"mode": "thresholds"}, "thresholds": steps or thresholds(base=GREY)}
    if names:
        defaults["mappings"] = [value_names(names)]
    if decimals is not None:
        defaults["decimals"] = decimals
    options = {"graphMode": "none", "colorMode": "value", "justifyMode": "auto", "textMode": show, "wideLayout": True,
               "showPercentChange": False, "percentChangeColorMode": "standard", "orientation": "auto",
               "reduceOptions": _last()}
    return _panel("stat", title, description, targets([(expr, legend)], "instant"), options, defaults)


def bars(title, description, expr, legend, unit="short", *, steps=None, link_to=None):
    """A bar for each series, the longest first."""
    defaults = {"unit": unit, "min": 0, "color": {"mode": "thresholds"}, "thresholds": steps or thresholds(base=BLUE)}
    overrides = [override_matching(".*", links=[link_to])] if link_to else []
    options = {"displayMode": "basic", "valueMode": "color", "namePlacement": "left", "showUnfilled": True,
               "sizing": "auto", "minVizWidth": 8, "minVizHeight": 16, "maxVizHeight": 40, "orientation": "horizontal",
               "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False, "calcs": []},
               "reduceOptions": _last()}
    return _panel("bargauge", title, description, targets([(expr, legend)], "instant"), options, defaults, overrides)


def lines(title, description, queries, unit="short", *, overrides=(), interval=None):
    """Series over time. `interval` is the least time between two points."""
    custom = {"drawStyle": "line", "lineInterpolation": "linear", "lineWidth": 1, "fillOpacity": 5,
              "showPoints": "never", "spanNulls": False, "stacking": {"mode": "none", "group": "A"}}
    defaults = {"unit": unit, "min": 0, "color": {"mode": "palette-classic"}, "custom": custom}
    options = {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
               "tooltip": {"mode": "multi", "sort": "desc"}}
    more = {"interval": interval} if interval else {}
    return _panel("timeseries", title, description, targets(queries), options, defaults, overrides, **more)


def table(title, description, columns, *, labels, overrides, sort_by, hidden=()):
    """A row for each set of the labels that all queries have. `columns` are (name, expression, unit); `labels` names the
    columns of labels, in their order; `hidden` are names that are not shown."""
    queries = targets([(expr, "") for _, expr, _ in columns], "table")
    values = {f"Value #{query['refId']}": name for query, (name, _, _) in zip(queries, columns, strict=True)}
    renamed = {**labels, **values}
    unseen = {"Time": True, **{value: True for value, name in renamed.items() if name in hidden}}
    organize = {"excludeByName": unseen, "includeByName": {}, "renameByName": renamed,
                "indexByName": {name: index for index, name in enumerate(renamed)}}
    footer = {"show": False, "reducer": ["sum"], "fields": [], "countRows": False, "enablePagination": True}
    options = {"frameIndex": 0, "showHeader": True, "cellHeight": "sm",
               "sortBy": [{"displayName": sort_by, "desc": True}], "footer": footer}
    defaults = {"unit": "short", "custom": {"align": "auto", "filterable": True, "inspect": False}}
    units = [override(name, unit=unit) for name, _, unit in columns if unit != "short"]
    return _panel("table", title, description, queries, options, defaults, [*units, *overrides],
                  transformations=[{"id": "merge", "options": {}}, {"id": "organize", "options": organize}])


def query_variable(name, label, query, description, **more):
    """Values of a label, any number of them. All is `.*`, so that what lacks the label passes too."""
    return {"type": "query", "name": name, "label": label, "description": description, "datasource": DATASOURCE,
            "query": query, "definition": query, "refresh": 2, "sort": 1, "multi": True, "includeAll": True,
            "allValue": ".*", "current": {"text": ["All"], "value": ["$__all"]}, **more}


def lay_out(rows):
    """Panels with ids and places. `rows` are pairs of a title and a list of (panel, width, height); panels fill the
    24 columns from left to right, line by line."""
    panels, top = [], 0
    for title, contents in rows:
        panels.append({"type": "row", "id": len(panels) + 1, "title": title, "collapsed": False, "panels": [],
                       "gridPos": {"h": 1, "w": 24, "x": 0, "y": top}})
        top += 1
        left = line_height = 0
        for panel, width, height in contents:
            if left + width > 24:
                left, top, line_height = 0, top + line_height, 0
            panels.append({"id": len(panels) + 1, **panel,
                           "gridPos": {"h": height, "w": width, "x": left, "y": top}})
            left, line_height = left + width, max(line_height, height)
        top += line_height
    return panels
