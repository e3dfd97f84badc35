-- show.lua: elements in Haskell's notation, as pandoc's native format has them.
--
-- Must not know: who asks.

local native, C = ...
local rawget, type, tostring, ipairs, rawlen = rawget, type, native.tostring, ipairs, rawlen
local format, concat = string.format, table.concat
local mt_of = native.metatable
local to_inlines, to_blocks = C.to_inlines, C.to_blocks

local escapes = { [7] = '\\a', [8] = '\\b', [9] = '\\t', [10] = '\\n', [11] = '\\v', [12] = '\\f', [13] = '\\r',
  [34] = '\\"', [92] = '\\\\', [127] = '\\DEL' }
local function text(s)
  local out, number = {}, false
  for _, c in utf8.codes(s) do
    local e = escapes[c]
    if e then
      out[#out + 1] = e
      number = false
    elseif c < 32 or c > 126 then
      out[#out + 1] = '\\' .. c
      number = true
    else
      if number and c >= 48 and c <= 57 then out[#out + 1] = '\\&' end
      out[#out + 1] = string.char(c)
      number = false
    end
  end
  return '"' .. concat(out) .. '"'
end

local show, map
local function list(items, one)
  local out = {}
  for i = 1, rawlen(items or {}) do out[i] = one(rawget(items, i)) end
  return '[' .. concat(out, ',') .. ']'
end
-- A list into which something else was put is shown as it will be read.
local function elements(v, convert)
  local items = convert(v)
  for i = 1, rawlen(items) do
    if not C.class_of(rawget(items, i)) then
      items = convert { table.unpack(items) }
      break
    end
  end
  return list(items, show)
end
local function inlines(v)
  return elements(v, to_inlines)
end
local function blocks(v)
  return elements(v, to_blocks)
end
local function pair(p)
  return '(' .. text(p[1]) .. ',' .. text(p[2]) .. ')'
end
local function attr(el)
  local a = C.to_attr(el.attr)
  return '(' .. text(a.identifier) .. ',' .. list(a.classes, text) .. ',' .. list(a.attributes, pair) .. ')'
end
local function number(n)
  return format(math.tointeger(n) and '%d' or '%s', math.tointeger(n) or n)
end
local function caption(c)
  c = c or {}
  return '(Caption ' .. (c.short and '(Just ' .. inlines(c.short) .. ')' or 'Nothing') .. ' ' .. blocks(c.long or {}) .. ')'
end
local function rows(r)
  return list(r, show)
end
local function width(w)
  return w and 'ColWidth ' .. tostring(w) or 'ColWidthDefault'
end
local function meta(v)
  if type(v) == 'boolean' then return 'MetaBool ' .. (v and 'True' or 'False') end
  if type(v) ~= 'table' then return 'MetaString ' .. text(tostring(v)) end
  local mt = mt_of(v)
  if mt == C.Inlines_mt then return 'MetaInlines ' .. inlines(v) end
  if mt == C.Blocks_mt then return 'MetaBlocks ' .. blocks(v) end
  if mt == C.List_mt or #v > 0 then return 'MetaList ' .. list(v, meta) end
  return 'MetaMap (' .. map(v) .. ')'
end
function map(m)
  local out = {}
  for k, v in native.pairs(C.M.MetaMap(m)) do out[#out + 1] = '(' .. text(k) .. ',' .. meta(v) .. ')' end
  return 'fromList [' .. concat(out, ',') .. ']'
end
local arguments = {
  Str = function(e) return text(e.text) end,
  Quoted = function(e) return e.quotetype .. ' ' .. inlines(e.content) end,
  Cite = function(e) return list(e.citations, show) .. ' ' .. inlines(e.content) end,
  Code = function(e) return attr(e) .. ' ' .. text(e.text) end,
  Math = function(e) return e.mathtype .. ' ' .. text(e.text) end,
  RawInline = function(e) return '(Format ' .. text(e.format) .. ') ' .. text(e.text) end,
  Link = function(e) return attr(e) .. ' ' .. inlines(e.content) .. ' ' .. pair { e.target, e.title } end,
  Image = function(e) return attr(e) .. ' ' .. inlines(e.caption) .. ' ' .. pair { e.src, e.title } end,
  Note = function(e) return blocks(e.content) end,
  Span = function(e) return attr(e) .. ' ' .. inlines(e.content) end,
  LineBlock = function(e) return list(e.content, inlines) end,
  BlockQuote = function(e) return blocks(e.content) end,
  OrderedList = function(e)
    return format('(%s,%s,%s) ', number(e.start), e.style, e.delimiter) .. list(C.to_items(e.content), blocks)
  end,
  BulletList = function(e) return list(C.to_items(e.content), blocks) end,
  DefinitionList = function(e)
    return list(e.content, function(d) return '(' .. inlines(d[1]) .. ',' .. list(C.to_items(d[2]), blocks) .. ')' end)
  end,
  Header = function(e) return number(e.level) .. ' ' .. attr(e) .. ' ' .. inlines(e.content) end,
  Table = function(e)
    local specs = list(e.colspecs, function(s) return '(' .. s[1] .. ',' .. width(s[2]) .. ')' end)
    local bodies = list(e.bodies, function(b)
      return format('TableBody %s (RowHeadColumns %s) %s %s', attr { attr = C.to_attr(b.attr) }, number(b.row_head_columns or 0),
        rows(b.head), rows(b.body))
    end)
    return attr(e) .. ' ' .. caption(e.caption) .. ' ' .. specs .. ' (' .. show(e.head) .. ') ' .. bodies .. ' (' .. show(e.foot) .. ')'
  end,
  Figure = function(e) return attr(e) .. ' ' .. caption(e.caption) .. ' ' .. blocks(e.content) end,
  Div = function(e) return attr(e) .. ' ' .. blocks(e.content) end,
  TableHead = function(e) return attr(e) .. ' ' .. rows(e.rows) end,
  Row = function(e) return attr(e) .. ' ' .. list(e.cells, show) end,
  Cell = function(e)
    return format('%s %s (RowSpan %s) (ColSpan %s) %s', attr(e), e.alignment, number(e.row_span), number(e.col_span), blocks(e.contents))
  end,
  Citation = function(e)
    return format('{citationId = %s, citationPrefix = %s, citationSuffix = %s, citationMode = %s, citationNoteNum = %s, citationHash = %s}',
      text(e.id), inlines(e.prefix), inlines(e.suffix), e.mode, number(e.note_num), number(e.hash))
  end,
  SimpleTable = function(e)
    return format('{simpleTableCaption = %s, simpleTableAlignments = %s, simpleTableColumnWidths = %s, simpleTableHeader = %s, simpleTableBody = %s}',
      inlines(e.caption), list(e.aligns, tostring), list(e.widths, function(w) return tostring(w + 0.0) end), list(e.headers, blocks),
      list(e.rows, function(row) return list(row, blocks) end))
  end,
  Pandoc = function(e) return '(Meta {unMeta = ' .. map(e.meta) .. '}) ' .. blocks(e.blocks) end,
}
arguments.CodeBlock, arguments.RawBlock, arguments.TableFoot = arguments.Code, arguments.RawInline, arguments.TableHead

function show(v)
  local mt = mt_of(v)
  if mt == C.Attr_mt then return attr { attr = v } end
  if mt == C.Attributes_mt then return list(v, pair) end
  local args = arguments[mt.tag]
  if args then return mt.tag .. ' ' .. args(v) end
  local content = rawget(v, 'content')
  return content and mt.tag .. ' ' .. inlines(content) or mt.tag
end

return {
  show = show,
  document = function(doc)
    local out = {}
    for i, b in ipairs(to_blocks(doc.blocks)) do out[i] = show(b) end
    return '[' .. concat(out, '\n,') .. ']'
  end,
}
