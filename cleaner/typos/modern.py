"""Words younger than most word lists. Written down here from general knowledge; nothing was copied."""

from __future__ import annotations

MODERN = frozenset(
    """
    acai activewear adtech adware agritech agroforestry anime anonymise anonymised anonymize anonymized antivax
    antivaxxer antivaxxers antiviral antivirals asymptomatic athleisure autocorrect autofill autoplay autosave
    backend backends backstories backstory bandwidth barista baristas bikeshare bingeable bingewatch biochar
    biohacking biopic biopics biotech bitcoin bitcoins blockchain blockchains blogosphere blowback boba bodycam
    bodycams bossfight breakaway breathwork brunch brunches buyout buyouts callout callouts cancelable carshare
    carsharing carveout carveouts cashout cashouts chatbot chatbots checkout checkouts chia childcare cisgender
    clapback cleantech clickbait codebase codebases comeback comorbid comorbidities comorbidity containerise
    containerised coronavirus coronaviruses coronial cosplay cosplayer cosplayers cosplaying coworker coworkers
    coworking crowdfund crowdfunded crowdfunding crowdsource crowdsourced crowdsourcing cryptocurrencies
    cryptocurrency cutback cyberattack cyberattacks cybercrime cybersecurity cyberspace dashcam dashcams
    database databases dataset datasets datastore datastores daycare daylong daytrip daytrips decadelong
    decarbonisation decarbonise decarbonised decarbonization decarbonize decarbonized declutter decluttered
    decluttering deepfake deepfakes deinstall deradicalisation digitisation digitise digitised digitising
    digitization digitize digitized digitizing doomscroll doomscrolling downfield downtime downvote downvoted
    downvotes doxx doxxed doxxing drawback drone drones dropship dropshipping dysphoria dysregulated
    dysregulation ecommerce edamame edtech eldercare emoji emojis entrepreneur esports falafel fallback fanbase
    fanbases feedback filename filenames filesystem filesystems fintech firmware fived fiving flashback
    floodwater floodwaters foodie foodies freelancer freelancers frontend frontends frontman frontwoman
    fullstack futureproof futureproofed futureproofing gamer gamers gamification gamified gamify gaslight
    gaslighting gaslights gaslit gastropub gastropubs geofence geofencing geolocation geotag geotagged ghosting
    gig gigs giveaway giveaways glamper glamping goaltender goaltenders gochujang greenwash greenwashed
    greenwashing groundwater hacktivist hacktivists haircare hangry hardcode hardcoded hashtag hashtags
    hatewatch headcount headcounts headshot headshots healthcare heatmap heatmaps homeschool homeschooled
    homeschooler homeschooling horrorcore hostname hostnames hourlong houseplant houseplants hummus incentivise
    incentivised incentivising incentivize incentivized incentivizing infographic infographics infosec isekai
    kaiju kefir kickback kimchi kombucha labneh lifecycle lifecycles lifehack lifehacks lifelong livecam
    livestream livestreamed livestreaming livestreams localhost lockdown lockdowns login logins logout loot
    lootbox lootboxes mainstage malware manga mansplain mansplaining matcha medtech meetup meetups meltwater
    meme memes menswear metadata metroidvania microaggression microaggressions microbiome microbiota
    microplastic microplastics middleware mindset mindsets misgender misgendered mixologist mixologists mocktail
    mocktails modder modders modding monetisation monetise monetised monetising monetization monetize monetized
    monetizing monthlong mugshot mugshots multiplayer namespace namespaces neurodivergent neurodiverse
    neurodiversity newb newbs nonbinary nonfarm nonprofit nonprofits nonstick nonviolent noob noobs offboarding
    offchain onboard onboarded onboarding onchain optimisation optimise optimised optimising otaku payback
    payout payouts paywall paywalls permaculture permafrost phishing photobomb photobombed pinboard placemaking
    playbook playbooks playthrough playthroughs podcast podcaster podcasters podcasting podcasts poke politicise
    politicised popup popups prequel prequels preschool preschooler preschoolers presymptomatic prioritise
    prioritised prioritising prioritize prioritized prioritizing pullup pullups pushback pushup pushups quinoa
    radicalisation radicalise radicalised radicalization radicalize radicalized ramen ransomware reboot rebooted
    reboots refactor refactored refactoring renminbi reorganise reorganised repot repotted repotting reskill
    reskilled reskilling respawn retweet retweeted retweeting retweets rewild rewilded rewilding rideshare
    rideshares ridesharing roadmap roadmaps roguelike rollback rollout rollouts runtime runtimes screentime
    seasonlong securitisation securitise securitised securitises securitising securitization securitize
    securitized securitizes securitizing seinen seitan selfcare selfie selfies setback setlist setlists shawarma
    shonen shortstop shoujo shoutout shoutouts showrunner showrunners sidewalk signup signups singalong sitcom
    sitcoms situp situps skillset skillsets skincare smartphone smartphones smartwatch smartwatches smishing
    smth sneakerhead soba solopreneur solopreneurs sommelier sommeliers soundtrack soundtracks spam spammer
    spammers speedrun speedruns spinoff spinoffs spyware sriracha stablecoin stablecoins standout standouts
    staycation staycations stormwater storyline storylines streetwear subdirectory subreddit supergroup
    supergroups superspreader superspreaders tahini takeaway takeaways takedown takedowns takeout telehealth
    telemedicine tempeh terroir throwback timeframe timeframes timesheet timesheets timespan timespans todo
    todos tokenise tokenised tokenization tokenize tokenized toolbox toolchain toolchains toolkit toolkits
    toolset toolsets touchback touchbacks touchpoint touchpoints tradeshow tradeshows transgender turnout
    tweetstorm udon unfollow unfollowed unfollowing unfriend unfriended uninstall uninstalled uninstalling
    unmute unmuted unsubscribe unsubscribed unsubscribing unvaccinated upcharge upcharges upcycle upcycled
    upcycles upcycling upfield upsell upselling upsells upskill upskilled upskilling upsold uptime upvote
    upvoted upvotes usecase usecases userbase username usernames vlog vlogger vloggers vlogging vlogs walkback
    walkthrough walkthroughs wayfinding weaponise weaponised weaponising weaponization weaponize weaponized
    weaponizing wearables webcam webcams webinar webinars weeklong wellness whistleblower whistleblowers
    wildfire wildfires womenswear workaround workarounds workflow workflows workforce worklist worklists
    worksheet worksheets worldbuilding yearlong
    """.split()
)
"""In lower case."""
