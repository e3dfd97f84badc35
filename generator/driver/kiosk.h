/* kiosk - what the kiosk's page sees: recent stories, courses and exams of their own, a course's
 * steps.
 *
 * Must not know: how a kiosk looks, who stands before it. */
#pragma once
#include "driver/context.h"

/* stories: the newest pages to read. */
void aj_kiosk_put_stories(AjArena *a, const AjContexts *c, AjValue *map);
/* courses ({…, minutes, count, hours, valid, steps, signs}) and quizzes, those of no course. A step
 * is a page's entry with position, minutes, questions, is_exam, sign (the how many'th of signs),
 * mark (what decides whether it is due, see put_mark) and revisions. */
void aj_kiosk_put_cards(AjArena *a, const AjContexts *c, AjValue *map);
/* steps and signs of one course. */
void aj_kiosk_put_steps(AjArena *a, const AjContexts *c, AjValue *map, uint32_t course);
