-- pandoc.lua: pandoc's names for filters, put together; run once a state.
--
-- The parts are files of their own, which share one table; those that few filters want are read
-- when somebody asks. Nothing here may keep anything of a page: filters run again and again.
-- Must not know: files, clocks, chance.

local native, part = ...
local type, tostring, error, ipairs, next = type, native.tostring, error, ipairs, next
local setmetatable = native.setmetatable
local C = { M = {} }
local M = C.M

local lazy = {}
function C.lazy(name)
  local module = lazy[name]
  if not module then
    module = part(name)(native, C)
    lazy[name] = module
  end
  return module
end
function C.show(v)
  return C.lazy('show').show(v)
end

for _, name in ipairs { 'values', 'elements', 'make', 'walk', 'version' } do part(name)(native, C) end

for _, name in ipairs(C.words [[
  AlignLeft AlignRight AlignCenter AlignDefault SingleQuote DoubleQuote InlineMath DisplayMath
  NormalCitation AuthorInText SuppressAuthor DefaultStyle Example Decimal LowerRoman UpperRoman
  LowerAlpha UpperAlpha DefaultDelim Period OneParen TwoParens]]) do
  M[name] = name
end
M.Inline, M.Block = native.proxy {}, native.proxy {}

local defaults = {
  ReaderOptions = {
    abbreviations = {}, columns = 80, default_image_extension = '', extensions = {},
    indented_code_classes = C.new_list {},
    standalone = false, strip_comments = false, tab_stop = 4, track_changes = 'accept-changes',
  },
  WriterOptions = {
    cite_method = 'citeproc', columns = 72, dpi = 96, email_obfuscation = 'none', epub_chapter_level = 1,
    epub_fonts = C.new_list {}, epub_subdirectory = 'EPUB', extensions = {}, html_math_method = 'plain', html_q_tags = false, identifier_prefix = '', incremental = false,
    listings = false, number_offset = C.new_list { 0, 0, 0, 0, 0, 0 }, number_sections = false, prefer_ascii = false,
    reference_links = false, reference_location = 'end-of-document', section_divs = false,
    setext_headers = false, tab_stop = 4, table_of_contents = false, toc_depth = 3,
    top_level_division = 'top-level-default', variables = {}, wrap_text = 'wrap-auto',
  },
}
function C.options(t, kind)
  local out = C.clone(defaults[kind])
  for k, v in native.pairs(t or {}) do
    if out[k] == nil and k ~= 'template' and k ~= 'epub_metadata' and k ~= 'slide_level' and k ~= 'highlight_style' and k ~= 'reference_doc' then
      error(kind .. ' has no field ' .. tostring(k), 3)
    end
    out[k] = v
  end
  return setmetatable(out, { __name = kind, __metatable = false, opaque = true })
end

function M.read(text, format, options)
  return C.lazy('formats').read(text, format, options)
end
function M.write(doc, format, options)
  return C.lazy('formats').write(doc, format, options)
end
function M.pipe(program, args, input)
  return C.lazy('system').pipe(program, args, input)
end
function M.sha1(s) -- of pandoc before 3
  return native.sha1(s)
end

M.List = C.List
native.callable(C.List, function(_, t)
  return C.List_methods.new(nil, t)
end)

-- Those that few filters want: read at the first look into them.
for _, pair in ipairs {
  { 'utils', 'utils' }, { 'text', 'utils' }, { 'path', 'path' }, { 'json', 'formats' }, { 'layout', 'layout' }, { 'structure', 'structure' },
  { 'template', 'template' }, { 'system', 'system' }, { 'mediabag', 'system' }, { 'log', 'system' },
  { 'io', 'system' }, { 'os', 'system' },
} do
  local name, part_name = pair[1], pair[2]
  local real = {}
  local function load()
    setmetatable(real, nil)
    for k, v in next, C.lazy(part_name)[name] do real[k] = v end
  end
  setmetatable(real, {
    __index = function(_, key)
      load()
      return real[key]
    end,
    __pairs = function()
      load()
      return native.pairs(real)
    end,
  })
  M[name] = native.proxy(real)
end
local io, os = M.io, M.os
M.io, M.os = nil, nil
local pandoc = native.proxy(M)
local anjian = native.proxy { line = native.line, fold = native.nfkc }

local function find_module(name)
  if name == 'pandoc' then return pandoc end
  if name == 'anjian' then return anjian end
  local own = type(name) == 'string' and (name == 'text' and 'text' or string.match(name, '^pandoc%.(%w+)$'))
  if own then return pandoc[own] end
end

return {
  apply = C.apply, apply_parts = C.apply_parts, streams = C.streams, to_attr = C.to_attr, elements = C.classes, to_inlines = C.to_inlines, to_blocks = C.to_blocks,
  repair = C.repair, clone = C.clone, Inlines = C.Inlines_mt, Blocks = C.Blocks_mt, List = C.List_mt, Attr = C.Attr_mt,
  Attributes = C.Attributes_mt, Meta = C.Meta_mt,
  globals = {
    pandoc = pandoc, anjian = anjian, io = io, os = os, PANDOC_VERSION = C.to_version '3.1', PANDOC_API_VERSION = C.to_version '1.23',
  },
  -- What a chunk finds besides: fresh for each run.
  begin = function(env, load_own, path)
    if lazy.system then lazy.system.begin() end
    for _, name in ipairs { 'input_files', 'log', 'request_headers', 'resource_path' } do
      C.new_list(env.PANDOC_STATE[name])
    end
    setmetatable(env.PANDOC_STATE, { __name = 'pandoc CommonState', __metatable = false, opaque = true })
    env.PANDOC_READER_OPTIONS = C.options({ columns = 72 }, 'ReaderOptions')
    env.PANDOC_WRITER_OPTIONS = C.options(nil, 'WriterOptions')
    C.format = env.FORMAT
    local loaded = {}
    env.package = { loaded = loaded, path = path }
    function env.require(name)
      local m = find_module(name)
      if m then return m end
      m = loaded[name]
      if m == nil then
        m = load_own(name)
        if m == nil then m = true end
        loaded[name] = m
      end
      return m
    end
  end,
}
