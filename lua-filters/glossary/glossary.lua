-- glossary: the first use of each term of the glossary page links to its entry there.
--
-- The page is `params: {glossary: …}` of the front matter, else the first of `places` that there is.
-- On the glossary page itself every term of a definition list gets the id that the links lead to.

local path, stringify = pandoc.path, pandoc.utils.stringify
local page = PANDOC_STATE.input_files[1] or ''
local places = { 'glossary.md', 'pages/glossary.md', '术语.md', 'pages/术语.md' }

local function id_of(term)
  return 'term-' .. (term:gsub('%s+', '-'))
end

local function find_glossary(meta)
  local params = meta.params
  if type(params) == 'table' and params.glossary then places = { stringify(params.glossary) } end
  for _, place in ipairs(places) do
    local file = io.open(place)
    if file then
      local text = file:read 'a'
      file:close()
      return place, (text:gsub('^%-%-%-\r?\n.-\n%-%-%-\r?\n', ''))
    end
  end
end

-- Longest first, so that 受限空间作业 wins over 受限空间.
local function read_terms(text)
  local terms = {}
  pandoc.read(text, 'markdown').blocks:walk {
    DefinitionList = function(list)
      for _, item in ipairs(list.content) do
        local first = item[2][1]
        terms[#terms + 1] = { text = stringify(item[1]), meaning = first and stringify(first) or '' }
      end
    end,
  }
  table.sort(terms, function(a, b)
    if #a.text ~= #b.text then return #a.text > #b.text end
    return a.text < b.text
  end)
  return terms
end

local function link_terms(doc, terms, target)
  local used = {}
  local function stay() return nil, false end
  local function first_term(text)
    local from, to, found
    for _, term in ipairs(terms) do
      local a, b = text:find(term.text, 1, true)
      if a and not used[term.text] and (not from or a < from) then from, to, found = a, b, term end
    end
    return from, to, found
  end
  return doc:walk {
    traverse = 'topdown',
    Header = stay, Link = stay, Code = stay, CodeBlock = stay,
    Str = function(el)
      local out, text = pandoc.List(), el.text
      while true do
        local from, to, term = first_term(text)
        if not from then break end
        used[term.text] = true
        if from > 1 then out:insert(pandoc.Str(text:sub(1, from - 1))) end
        out:insert(pandoc.Link(term.text, target .. '#' .. id_of(term.text), term.meaning, { class = 'term' }))
        text = text:sub(to + 1)
      end
      if #out == 0 then return nil end
      if text ~= '' then out:insert(pandoc.Str(text)) end
      return out, false
    end,
  }
end

local function name_terms(list)
  for _, item in ipairs(list.content) do
    item[1] = { pandoc.Span(item[1], { id = id_of(stringify(item[1])) }) }
  end
  return list
end

function Pandoc(doc)
  local place, text = find_glossary(doc.meta)
  if not place then return nil end
  if path.normalize(place) == path.normalize(page) then return doc:walk { DefinitionList = name_terms } end
  local terms = read_terms(text)
  if #terms == 0 then
    pandoc.log.warn('术语页 ' .. place .. ' 里没有定义列表')
    return nil
  end
  return link_terms(doc, terms, path.make_relative(place, path.directory(page), true))
end
