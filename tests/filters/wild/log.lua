-- Which handlers are called, on what, in which order.
local log={}
local names={'Str','Space','SoftBreak','LineBreak','Emph','Strong','Underline','Strikeout','Superscript','Subscript','SmallCaps','Quoted','Cite','Code','Math','RawInline','Link','Image','Note','Span','Para','Plain','LineBlock','CodeBlock','RawBlock','BlockQuote','OrderedList','BulletList','DefinitionList','Header','HorizontalRule','Table','Div','Null','Inlines','Blocks','Meta'}
local f={}
for _,n in ipairs(names) do f[n]=function(x) log[#log+1]=n..(x.text or (n=='Inlines' or n=='Blocks') and #x or '') end end
f.Pandoc=function(d) d.blocks:insert(pandoc.CodeBlock(table.concat(log,'\n'))) return d end
return {f}
