/* kiosk - what the kiosk's page sees: courses with their steps, exams of their own, recent stories.
 *
 * Must not know: how a kiosk looks, who stands before it. */
#pragma once
#include "driver/context.h"

/* Sets courses ({…, hours, steps}), quizzes (those of no course) and stories. A step is a page's
 * entry with position, minutes, questions, pass, is_exam, source and content_id. */
void aj_kiosk_put(AjArena *a, const AjContexts *c, AjValue *map);
