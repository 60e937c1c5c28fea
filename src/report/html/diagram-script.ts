/**
 * What makes a diagram of a page answer to keys and clicks. It only shows and hides what the page has already; without it the first picture
 * stands as it is. Of a large picture it makes elements of the parts that are in sight, and takes them away again: a browser that has all of them
 * thinks for a second about each step. The policy of the page lets this text run and no other, by its digest.
 */
export const diagramScript = `(()=>{
const root=document.querySelector('.dg');if(!root)return
const scene=root.querySelector('.scene'),now=root.querySelector('.now'),select=root.querySelector('select')
const still=matchMedia('(prefers-reduced-motion: reduce)').matches
for(const part of root.querySelectorAll('.bar,.keys'))part.hidden=false
let parts=[],place=-1,size=1,timer=0,followed=''
const stop=()=>{clearInterval(timer);timer=0}
const time=(event)=>Number(event.dataset.t),happens=({classList})=>classList.contains('mk')?1:0
const sorted=(node)=>[...node.querySelectorAll('.ev')].map((event,order)=>({event,order})).sort((a,b)=>time(a.event)-time(b.event)||happens(b.event)-happens(a.event)||a.order-b.order).map(({event})=>event)
const whole=()=>{const node=scene.querySelector('svg'),events=node?sorted(node):[];return[{node,events,first:0,count:events.length,begin:0,y:-Infinity,end:Infinity,text:''}]}
const cut=(texts)=>{let first=0;return[...scene.querySelectorAll('.part')].map((holder,at)=>{const{n,t,y,end}=holder.dataset,part={holder,text:texts[at],first,count:Number(n),begin:Number(t),y:Number(y),end:Number(end)};first+=part.count;return part})}
const built=(part)=>{if(!part.events){part.node=document.createElementNS('http://www.w3.org/2000/svg','g');part.node.innerHTML=part.text;part.events=sorted(part.node);mark(part)}return part}
const drawn=(part)=>{built(part);if(part.holder&&!part.node.parentNode)part.holder.append(part.node);return part}
const mark=({events})=>{for(const event of events)event.classList.toggle('same',followed!==''&&event.dataset.m===followed)}
const total=()=>{const last=parts.at(-1);return last?last.first+last.count:0}
const partOf=(index)=>parts.find(({first,count})=>index>=first&&index<first+count)
const eventAt=(index)=>{const part=partOf(index);return part&&built(part).events[index-part.first]}
const indexOf=(event)=>{const part=parts.find(({events})=>events?.includes(event));return part?part.first+part.events.indexOf(event):-1}
const load=(made)=>{parts=made;place=-1;followed='';scene.classList.remove('follows');scale()}
const seen=()=>{const svg=scene.querySelector('svg');if(!svg)return;const all=svg.getBoundingClientRect(),window=scene.getBoundingClientRect(),factor=all.height/Number(svg.getAttribute('height')),top=(window.top-all.top)/factor,end=top+window.height/factor
svg.querySelector('.heads').setAttribute('transform','translate(0 '+Math.max(0,top)+')')
const current=partOf(place);for(const part of parts){if(!part.holder)continue;if(part===current||(part.y<=end+300&&part.end>=top-300))drawn(part);else part.node?.remove()}}
const scale=()=>{const svg=scene.querySelector('svg');if(svg){svg.style.width=svg.getAttribute('width')*size+'px';svg.style.height='auto';svg.style.maxWidth=size===1&&root.dataset.view!=='everything'?'100%':'none';svg.style.minWidth=size===1?svg.getAttribute('width')*.75+'px':'0'}seen()}
const zoom=(to)=>{const middle=(scene.scrollTop+scene.clientHeight/2)*to/size;size=to;scale();scene.scrollTop=middle-scene.clientHeight/2}
const unpacked=async(text)=>await new Response(new Blob([Uint8Array.from(atob(text),(letter)=>letter.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
const show=async(name)=>{const found=[...root.querySelectorAll('template')].find(({dataset})=>dataset.view===name);if(!found)return;stop();const text=found.dataset.packed?await unpacked(found.dataset.packed):found.innerHTML
const from=text.indexOf('<g class="part"'),to=text.indexOf('<g class="heads"'),texts=from<0?[]:text.slice(from,to).split(/(?=<g class="part")/).map((part)=>{const begin=part.indexOf('>')+1;return{head:part.slice(0,begin),inside:part.slice(begin,-4)}})
scene.innerHTML=from<0?text:text.slice(0,from)+texts.map(({head})=>head+'</g>').join('')+text.slice(to)
root.dataset.view=name;select.value=name;load(from<0?whole():cut(texts.map(({inside})=>inside)))}
const follow=(message)=>{followed=message;scene.classList.toggle('follows',message!=='');for(const part of parts)if(part.events)mark(part)}
const go=(index,quiet)=>{if(index<0||index>=total())return;eventAt(place)?.classList.remove('on');place=index;drawn(partOf(index));const event=eventAt(index);event.classList.add('on');now.textContent=event.querySelector('title').textContent;event.scrollIntoView({block:'nearest',inline:'nearest',behavior:still?'auto':'smooth'});if(!quiet)history.replaceState(null,'','#t='+event.dataset.t+(root.dataset.view==='story-1'?'':'&view='+root.dataset.view))}
const search=(index,step,stop,{hint,is})=>{while(index>=0&&index<stop){const part=partOf(index);if(!part.events&&!part.text.includes(hint))index=step>0?part.first+part.count:part.first-1
else if(is(eventAt(index)))return index
else index+=step}return-1}
const find=(step,wanted)=>{let index=search(place+step,step,total(),wanted);if(index<0&&step>0)index=search(0,1,place+1,wanted);if(index>=0)go(index)}
const kind=(name)=>({hint:'data-k="'+name+'"',is:({dataset})=>dataset.k===name})
const same=()=>{const message=eventAt(place)?.dataset.m;return{hint:message&&!/[&<>"]/.test(message)?'data-m="'+message+'"':'',is:(event)=>message?event.dataset.m===message:true}}
const acts={previous:()=>go(Math.max(0,place-1)),next:()=>go(place+1),fault:()=>find(1,kind('fault')),broken:()=>find(1,kind('broken')),
help:()=>{const help=root.querySelector('.keys');help.open=!help.open},
larger:()=>zoom(Math.min(4,size*1.25)),smaller:()=>zoom(Math.max(.4,size/1.25)),
play:()=>{if(timer)return stop();timer=setInterval(()=>place+1<total()?go(place+1):stop(),600)}}
const keys={ArrowDown:'next',ArrowRight:'next',ArrowUp:'previous',ArrowLeft:'previous',f:'fault',v:'broken','+':'larger','-':'smaller',' ':'play','?':'help'}
scene.addEventListener('keydown',(press)=>{if(press.ctrlKey||press.metaKey||press.altKey)return
if(press.key==='Escape'){stop();follow('');return}
if(press.key==='Home'){press.preventDefault();return go(0)}
if(press.key==='End'){press.preventDefault();return go(total()-1)}
const act=keys[press.key];if(!act)return
press.preventDefault()
if(press.shiftKey&&(act==='next'||act==='previous'))return find(act==='next'?1:-1,same())
acts[act]()})
root.querySelector('.bar').addEventListener('click',({target})=>acts[target.closest('button')?.dataset.do]?.())
scene.addEventListener('click',({target})=>{const event=target.closest('.ev');if(!event)return follow('');go(indexOf(event));follow(event.dataset.m)})
select.addEventListener('change',()=>show(select.value))
const arrive=async()=>{const wanted=new URLSearchParams(location.hash.slice(1)),moment=wanted.get('t');if(wanted.get('view'))await show(wanted.get('view'))
if(moment!==null||wanted.get('view'))root.closest('details')?.setAttribute('open','')
if(moment===null)return
const at=Math.max(0,parts.findLastIndex(({begin})=>begin<=Number(moment)));let index=parts[at]?.first??0;while(index<total()-1&&time(eventAt(index))<Number(moment))index++;go(index,true);root.scrollIntoView({block:'start'})}
scene.addEventListener('scroll',()=>requestAnimationFrame(seen));new ResizeObserver(seen).observe(scene);addEventListener('beforeprint',()=>parts.forEach(drawn));load(whole());addEventListener('hashchange',arrive);arrive()
})()`

/** The digest of the text above, as a policy names it. */
export const diagramScriptDigest = 'sha256-r1zcWjJnEE+cGwWITW8KiRlUKN7TPc6BBUghXH5yGrU='
