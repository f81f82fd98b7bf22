/* Asks libical, the parser inside Evolution, GNOME Calendar and KDE, what it sees in a feed.
 * Usage: expand FEED FIRST LAST; prints {"count", "occurrences"} of [FIRST, LAST) as JSON. */

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

static int printed = 0;

/* The whole file as one string; ends the program when it cannot be read. */
static char *load(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = 0;
    char *text = NULL;
    if (file && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
        rewind(file);
        text = calloc((size_t)size + 1, 1);
    }
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return text;
}

/* JSON wants quotes, backslashes and control characters escaped; the rest is UTF-8 already. */
static void print_string(const char *text)
{
    putchar('"');
    for (const unsigned char *byte = (const unsigned char *)(text ? text : ""); *byte; byte++) {
        if (*byte < 0x20 || *byte == '"' || *byte == '\\')
            printf("\\u%04x", *byte);
        else
            putchar(*byte);
    }
    putchar('"');
}

/* The start as text: the bare day of an all-day event, else minutes in UTC. */
static void print_start(time_t start, int all_day)
{
    struct icaltimetype at =
        icaltime_from_timet_with_zone(start, 0, icaltimezone_get_utc_timezone());
    printf("\"%04d-%02d-%02d", at.year, at.month, at.day);
    if (!all_day)
        printf("T%02d:%02d", at.hour, at.minute);
    putchar('"');
}

/* Called by libical for each occurrence, also for those that began before the window. */
static void print_occurrence(icalcomponent *event, struct icaltime_span *span, void *window)
{
    const struct icaltime_span *asked = window;
    if (span->start < asked->start || span->start >= asked->end)
        return;
    fputs(printed++ ? ", [" : "[", stdout);
    print_start(span->start, icalcomponent_get_dtstart(event).is_date);
    fputs(", ", stdout);
    print_string(icalcomponent_get_summary(event));
    fputs(", ", stdout);
    print_string(icalcomponent_get_uid(event));
    putchar(']');
}

/* Prints the occurrences of every event, and gives the number of events. */
static int print_events(icalcomponent *calendar, struct icaltimetype first,
                        struct icaltimetype last)
{
    struct icaltime_span window = {icaltime_as_timet(first), icaltime_as_timet(last), 0};
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    int count = 0;
    for (; event; count++) {
        icalcomponent_foreach_recurrence(event, first, last, print_occurrence, &window);
        event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT);
    }
    return count;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: expand FEED FIRST LAST (days as 20260131)\n", stderr);
        return 2;
    }
    icalcomponent *calendar = icalparser_parse_string(load(argv[1]));
    if (!calendar || icalcomponent_count_errors(calendar) > 0) {
        const char *marked = calendar ? icalcomponent_as_ical_string(calendar) : "all of it";
        fprintf(stderr, "libical rejects, see X-LIC-ERROR:\n%s\n", marked);
        return 1;
    }
    fputs("{\"occurrences\": [", stdout);
    struct icaltimetype first = icaltime_from_string(argv[2]), last = icaltime_from_string(argv[3]);
    int count = print_events(calendar, first, last);
    printf("], \"count\": %d}\n", count);
    return 0;
}
