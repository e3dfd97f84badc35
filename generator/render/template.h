/* template - Mustache with inheritance, compiled once, run anywhere, escaped by context.
 *
 * Mustache 1.4 with partials, blocks {{$name}} and parents {{<name}}. The compiler follows the HTML
 * around each tag: {{x}} in text is escaped as text, in a quoted attribute as attribute, in href,
 * src, action … as URL with the scheme allow-list; where no safe escape exists (an unquoted
 * attribute, a script, a style, an event handler) the template does not compile. {{{x}}} is for
 * HTML made by us. Other languages (text, XML) are known by the template's suffix: NAME.html,
 * NAME.xml, NAME.txt. Must not know: pages, themes' names, files (the caller hands in texts). */
#pragma once
#include "base/diag.h"
#include "base/value.h"

typedef struct AjTemplates AjTemplates;
AjTemplates *aj_templates_new(void);
void aj_templates_free(AjTemplates *set);
/* Adds "page.html". `name` and `text` are copied. Problems are known at aj_templates_compile. */
void aj_templates_add(AjTemplates *set, const char *name, const char *text, size_t len);
/* Compiles all; false with diagnostics (path = name, line, column). */
bool aj_templates_compile(AjTemplates *set, AjDiags *diags);
bool aj_templates_has(const AjTemplates *set, const char *name);
/* Runs `name` (which must exist) over a stack of maps, outermost first. False when it had no end: a
 * partial that calls itself for ever (64 levels are enough for any tree), or 20 million steps. */
bool aj_templates_run(const AjTemplates *set, const char *name, const AjValue *const *stack,
                      uint32_t depth, GString *out);
