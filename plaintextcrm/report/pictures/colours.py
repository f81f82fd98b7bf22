"""How pictures look on light and dark screens and on paper: one style for all of them."""

COLOURS = 8  # for the series of a chart

STYLE = """\
.picture { color: #1f2328; background: #fff; font: 12px system-ui, sans-serif; }
.picture { max-width: 100%; height: auto; }
.picture text { fill: currentColor; stroke: none; }
.picture .caption { font-weight: bold; }
.picture .background { fill: none; }
.picture path { fill: none; stroke: currentColor; stroke-opacity: .15; }
.picture .axis .line:not(.guide) { stroke-opacity: .5; }
.picture .horizontal .y .guide, .picture .vertical .x .guide, .picture .dot-graph .line { stroke: none; }
.picture .y text { text-anchor: end; }
.picture .x text { text-anchor: middle; }
.picture .dot-graph .x text { text-anchor: start; }
.picture .series path { stroke-width: 2; stroke-opacity: 1; }
.picture .color-0 { fill: #1f6feb; stroke: #1f6feb; }
.picture .color-1 { fill: #d4760a; stroke: #d4760a; }
.picture .color-2 { fill: #1a7f37; stroke: #1a7f37; }
.picture .color-3 { fill: #cf222e; stroke: #cf222e; }
.picture .color-4 { fill: #8250df; stroke: #8250df; }
.picture .color-5 { fill: #0f8a8a; stroke: #0f8a8a; }
.picture .color-6 { fill: #bf3989; stroke: #bf3989; }
.picture .color-7 { fill: #7d6b00; stroke: #7d6b00; }
.picture .series path { stroke: inherit; }
.picture .day { stroke: none; }
.picture .level-0 { fill: #eaeef2; }
.picture .level-1 { fill: #aceebb; }
.picture .level-2 { fill: #4ac26b; }
.picture .level-3 { fill: #2da44e; }
.picture .level-4 { fill: #116329; }
@media (prefers-color-scheme: dark) {
.picture { color: #e6edf3; background: #0d1117; }
.picture .level-0 { fill: #262c36; }
.picture .level-1 { fill: #0e4429; }
.picture .level-2 { fill: #006d32; }
.picture .level-3 { fill: #26a641; }
.picture .level-4 { fill: #56d364; }
}
@media print {
.picture { color: #000; background: none; }
}
"""
