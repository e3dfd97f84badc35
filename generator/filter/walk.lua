-- walk.lua: going through a tree: passes, orders, what handlers return.
--
-- Must not know: pages, which filter runs.

local native, C = ...
local rawget, rawset, rawequal, type, error, ipairs, pairs, next =
  rawget, rawset, rawequal, type, error, ipairs, native.pairs, next
local format = string.format
local mt_of, setmetatable = native.metatable, native.setmetatable
local unshare, note = native.unshare, native.note
local M, classes, class_of, kind_name, clone = C.M, C.classes, C.class_of, C.kind_name, C.clone
local to_inlines, to_blocks, text_inlines = C.to_inlines, C.to_blocks, C.text_inlines
local inline_tags, block_tags = C.inline_tags, C.block_tags
local Inlines_mt, Blocks_mt, Meta_mt = C.Inlines_mt, C.Blocks_mt, C.Meta_mt

-- `fi` and `fb` turn a list of inlines or blocks into another.
local function holds_rows(rows, fb)
  for i = 1, #(rows or {}) do
    local cells = rows[i].cells
    for j = 1, #cells do
      cells[j].contents = fb(to_blocks(cells[j].contents))
    end
  end
end

local function children(el, kids, fi, fb)
  for k = 1, #kids do
    local name, holds = kids[k][1], kids[k][2]
    local v = rawget(el, name)
    if holds == 'I' then
      if type(v) ~= 'table' or mt_of(v) ~= Inlines_mt then v = to_inlines(v) end
      local r = fi(v)
      if not rawequal(r, rawget(el, name)) then rawset(el, name, r) end
    elseif holds == 'B' then
      if type(v) ~= 'table' or mt_of(v) ~= Blocks_mt then v = to_blocks(v) end
      local r = fb(v)
      if not rawequal(r, rawget(el, name)) then rawset(el, name, r) end
    elseif holds == 'LB' then
      for i = 1, #v do v[i] = fb(to_blocks(v[i])) end
    elseif holds == 'LI' then
      for i = 1, #v do v[i] = fi(to_inlines(v[i])) end
    elseif holds == 'DL' then
      for i = 1, #v do
        local item = v[i]
        item[1] = fi(to_inlines(item[1]))
        for j = 1, #item[2] do item[2][j] = fb(to_blocks(item[2][j])) end
      end
    elseif holds == 'K' then
      if v and v.short then v.short = fi(to_inlines(v.short)) end
      if v and v.long then v.long = fb(to_blocks(v.long)) end
    elseif holds == 'R' then
      if v then holds_rows(v.rows, fb) end
    elseif holds == 'T' then
      for i = 1, #v do
        holds_rows(v[i].head, fb)
        holds_rows(v[i].body, fb)
      end
    elseif holds == 'C' then
      for i = 1, #(v or {}) do
        v[i].prefix = fi(to_inlines(v[i].prefix))
        v[i].suffix = fi(to_inlines(v[i].suffix))
      end
    end
  end
end

local function bad_result(handler, tag, wanted, got)
  native.fail(handler, format('the handler of %s returned %s where %s is expected', tag, got, wanted))
end

-- appends what an inline handler returned
local function add_inlines(out, n, r, handler, tag)
  if type(r) == 'string' then r = text_inlines(r) end
  local mt = type(r) == 'table' and mt_of(r)
  if mt and mt.kind == 'Inline' then
    out[n + 1] = r
    return n + 1
  end
  if type(r) ~= 'table' or (mt and mt.kind) then
    bad_result(handler, tag, 'an Inline or a list of them', kind_name(r))
  end
  for i = 1, #r do
    local x = r[i]
    if type(x) == 'string' then x = M.Str(x) end
    local m = class_of(x)
    if not m or m.kind ~= 'Inline' then
      bad_result(handler, tag, 'an Inline', kind_name(x))
    end
    n = n + 1
    out[n] = x
  end
  return n
end

local function add_blocks(out, n, r, handler, tag)
  local mt = type(r) == 'table' and mt_of(r)
  if mt and mt.kind == 'Block' then
    out[n + 1] = r
    return n + 1
  end
  if mt and mt.kind == 'Inline' then r = { r } end
  if type(r) ~= 'table' and type(r) ~= 'string' or (mt and mt.kind and mt.kind ~= 'Inline') then
    bad_result(handler, tag, 'a Block or a list of them', kind_name(r))
  end
  local ok, list = native.try(to_blocks, r)
  if not ok then native.fail(handler, format('the handler of %s: %s', tag, list)) end
  for i = 1, #list do
    n = n + 1
    out[n] = list[i]
  end
  return n
end

-- tag's number → handler, the tag's own before the catch-all; nil when there is none
local function handlers(filter, tags, catch_all)
  local out, any = {}, false
  for i = 1, #tags do
    local h = filter[tags[i]] or filter[catch_all]
    if h then
      out[classes[tags[i]][1]] = h
      any = true
    end
  end
  return any and out or nil
end

-- What stands in a field where a list of elements is wanted.
local function repair(v, blocks)
  if type(v) == 'table' and (mt_of(v) == Inlines_mt or mt_of(v) == Blocks_mt) then return C.repair(v) end
  return (blocks and to_blocks or to_inlines)(v)
end

-- `inline` and `block` are handlers by tag's number, `fi` and `fb` functions over whole lists; each
-- may be nil.
local function pass(inline, block, fi, fb)
  return native.pass {
    inline or false, block or false, fi or false, fb or false, children, add_inlines, add_blocks, repair,
  }
end

local function list_handler(h, convert, tag)
  return function(list)
    note(h)
    local r = h(clone(list)) -- what it does not return is not kept
    if r == nil then return list end
    local ok, converted = native.try(convert, r)
    if not ok then native.fail(h, format('the handler of %s: %s', tag, converted)) end
    return converted
  end
end

-- For a document that is JSON text: the passes of a filter that handles nothing but single elements,
-- as filter/pandocstream wants them; nil for any other.
local function streams(filter)
  for _, name in ipairs { 'Inlines', 'Blocks', 'Meta', 'Pandoc', 'Doc' } do
    if filter[name] then return nil end
  end
  if filter.traverse == 'topdown' then return nil end
  local out = {}
  local function add(inline, block)
    if not inline and not block then return end
    local fi, fb = pass(inline, block)
    out[#out + 1] = { inline or false, block or false, fi, fb, add_inlines, add_blocks }
  end
  add(handlers(filter, inline_tags, 'Inline'))
  add(nil, handlers(filter, block_tags, 'Block'))
  return out
end

-- The passes of one filter, in order; each is a pair of functions over lists.
local function typewise(filter)
  local out = {}
  local inline = handlers(filter, inline_tags, 'Inline')
  local block = handlers(filter, block_tags, 'Block')
  if inline then out[#out + 1] = { pass(inline) } end
  if filter.Inlines then
    out[#out + 1] = { pass(nil, nil, list_handler(filter.Inlines, to_inlines, 'Inlines')) }
  end
  if block then out[#out + 1] = { pass(nil, block) } end
  if filter.Blocks then
    out[#out + 1] = { pass(nil, nil, nil, list_handler(filter.Blocks, to_blocks, 'Blocks')) }
  end
  return out
end

local function topdown(filter)
  local inline = handlers(filter, inline_tags, 'Inline') or {}
  local block = handlers(filter, block_tags, 'Block') or {}
  local inlines, blocks
  local function go(list, by_id, add, whole, convert, tag)
    if whole then
      note(whole)
      local r, on = whole(clone(list))
      if r ~= nil then
        local ok, converted = native.try(convert, r)
        if not ok then native.fail(whole, format('the handler of %s: %s', tag, converted)) end
        list = converted
      end
      if on == false then return list end
    end
    local out, n = {}, 0
    for i = 1, #list do
      local el = list[i]
      local mt = mt_of(el)
      local h = by_id[mt[1]]
      local r, on
      local from = n + 1
      if h then
        note(h)
        r, on = h(clone(el))
      end
      if r == nil then
        n = n + 1
        out[n] = el
      else
        n = add(out, n, r, h, mt.tag)
      end
      if on ~= false then
        for j = from, n do
          local kids = mt_of(out[j]).kids
          if kids then children(out[j], kids, inlines, blocks) end
        end
      end
    end
    return setmetatable(out, mt_of(list))
  end
  function inlines(list)
    return go(to_inlines(list), inline, add_inlines, filter.Inlines, to_inlines, 'Inlines')
  end
  function blocks(list)
    return go(to_blocks(list), block, add_blocks, filter.Blocks, to_blocks, 'Blocks')
  end
  return { { inlines, blocks } }
end

local function passes_of(filter)
  if filter.traverse == 'topdown' then return topdown(filter) end
  return typewise(filter)
end

local function walk_meta(v, fi, fb)
  if type(v) ~= 'table' then return v end
  local mt = mt_of(v)
  if mt == Inlines_mt then return fi(v) end
  if mt == Blocks_mt then return fb(v) end
  if mt and mt.kind == 'Inline' then return fi(to_inlines(v)) end
  if mt and mt.kind == 'Block' then return fb(to_blocks(v)) end
  for k, x in pairs(v) do
    if type(x) == 'table' then v[k] = walk_meta(x, fi, fb) end
  end
  return v
end

local function apply_meta(filter, doc)
  if not filter.Meta then return end
  note(filter.Meta)
  local r = filter.Meta(clone(doc.meta))
  if r == nil then return end
  if type(r) ~= 'table' or class_of(r) then bad_result(filter.Meta, 'Meta', 'a Meta', kind_name(r)) end
  doc.meta = r
end

-- What the handler does not return is not kept: it gets a copy, or the document itself where `again`
-- makes another one.
local function apply_pandoc(filter, doc, again)
  local whole = filter.Pandoc or filter.Doc
  if not whole then return doc end
  note(whole)
  local r = whole(again and doc or clone(doc))
  if r == nil then return again and again() or doc end
  if class_of(r) ~= classes.Pandoc then bad_result(whole, 'Pandoc', 'a Pandoc', kind_name(r)) end
  return r
end

-- True when there were any.
local function apply_passes(filter, doc)
  local passes = passes_of(filter)
  for i, p in ipairs(passes) do
    if i > 1 then unshare(doc) end
    doc.meta = walk_meta(doc.meta, p[1], p[2])
    doc.blocks = p[2](to_blocks(doc.blocks))
  end
  return #passes > 0
end

-- The same for some blocks of a document, each in a list of its own: single elements are all that the
-- filter handles.
local function apply_parts(filter, parts)
  for i, p in ipairs(passes_of(filter)) do
    if i > 1 then unshare(parts) end
    for k = 1, #parts do parts[k] = p[2](parts[k]) end
  end
end

-- Applies one filter table to a document: the whole last, but first from the top down. `again`, where it
-- is given, makes the document as it came.
local function apply(filter, doc, again)
  if filter.traverse == 'topdown' then
    doc = apply_pandoc(filter, doc)
    apply_meta(filter, doc)
    unshare(doc)
    apply_passes(filter, doc)
    return doc
  end
  local passed = apply_passes(filter, doc)
  apply_meta(filter, doc)
  return apply_pandoc(filter, doc, not passed and not filter.Meta and again)
end

local function walk(v, filter)
  if type(filter) ~= 'table' then error('walk: a table of handlers is expected, got ' .. type(filter), 2) end
  v = clone(v)
  local mt = mt_of(v)
  for i, p in ipairs(passes_of(filter)) do
    if i > 1 then unshare(v) end
    if mt == Inlines_mt then
      v = p[1](v)
    elseif mt == Blocks_mt then
      v = p[2](v)
    elseif mt.kids then
      children(v, mt.kids, p[1], p[2])
    end
  end
  return v
end

for _, mt in next, classes do
  mt.methods.clone, mt.methods.walk = clone, walk
  mt.methods.show = function(el)
    return C.show(el)
  end
end
function classes.Pandoc.methods.walk(doc, filter)
  return apply(filter, clone(doc))
end
classes.Pandoc.__concat = function(a, b)
  if class_of(a) ~= classes.Pandoc or class_of(b) ~= classes.Pandoc then
    error('a Pandoc cannot be joined with a ' .. kind_name(class_of(a) == classes.Pandoc and b or a), 2)
  end
  local meta = clone(a.meta)
  for k, v in pairs(b.meta) do meta[k] = v end
  return M.Pandoc(C.list_concat(a.blocks, b.blocks), meta)
end
function classes.Pandoc.methods.normalize(doc)
  return C.lazy('tidy').normalize(doc)
end
local Inlines_methods, Blocks_methods = { walk = walk }, { walk = walk }
Inlines_mt.__index = native.proxy(Inlines_methods, C.List)
Blocks_mt.__index = native.proxy(Blocks_methods, C.List)
M.walk_block, M.walk_inline = walk, walk

C.apply, C.apply_parts, C.streams = apply, apply_parts, streams
