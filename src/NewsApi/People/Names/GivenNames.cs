using System.Collections.Frozen;

namespace NewsApi.People.Names;

/// <summary>How two given names belong together.</summary>
internal enum GivenNameKinship
{
    None,

    /// <summary>One name in two languages: Stephen and Stefan. Whoever is one may be the other, or somebody else.</summary>
    Translation,

    /// <summary>The Ukrainian and the Russian form of one name, which the same person has in both languages.</summary>
    Form,

    /// <summary>What somebody is called for short: Steve for Stephen.</summary>
    Nickname,
}

/// <summary>Given names that stand for each other. Languages are in these tables, never single people.</summary>
internal static class GivenNames
{
    private const string Nicknames =
        """
        stephen steven steve stevie; william will bill billy willy; robert rob bob bobby robbie; richard rick dick rich ricky; james jim jimmy jamie
        john johnny jack; michael mike mick mickey michi michl; thomas tom tommy; charles charlie chuck; edward ed eddie ted ned; theodore theodor ted teddy theo
        joseph joe joey; benjamin ben benny; daniel dan danny; david dave; anthony tony; christopher chris kit; christian chris; christoph chris stoffl
        matthew matt; andrew andy drew; alexander alex sascha sasha xandi; alexandra alex sandra; samuel sam sammy; donald don donnie; ronald ron ronnie
        kenneth ken kenny; peter pete; gregory greg; jeffrey geoffrey jeff geoff; lawrence laurence larry; timothy tim; nicholas nick nicky; patrick pat
        frederick fred freddy freddie; philip phillip phil; raymond ray; walter walt; zachary zach zack; joshua josh; jonathan jon; nathaniel nathan nate
        gerald jerry; stanley stan; eugene gene; leonard leo len lenny; leonhard leo; victor vic; albert al bert; alfred fred fredl; abraham abe; arthur art
        bradley brad; clifford cliff; douglas doug; francis frank; franklin frank; gilbert gil; harold harry hal; henry harry hank; louis lou; maxwell max
        mitchell mitch; randolph randy; russell russ; terence terry; vincent vince vinnie; katherine catherine kate kathy katie kathryn; elizabeth liz beth betty lizzy
        margaret maggie peggy meg; jennifer jen jenny; susan sue susie; deborah debbie; rebecca becky; victoria vicky; patricia pat patty tricia; barbara barb babsi
        pamela pam; samantha sam; jacqueline jackie; judith judy; dorothy dot dotty; abigail abby; amanda mandy; cynthia cindy; josef joseph sepp pepi beppo jupp
        johann johannes hans hannes hansl; georg schorsch girgl; friedrich fritz friedl; heinrich heinz heiner; wilhelm willi willy; ludwig lutz wiggerl
        maximilian max; sebastian basti wastl; andreas andi andy anderl; matthias hias matti; mathias hias; ulrich uli ulli; wolfgang wolf wolfi; nikolaus klaus niko
        dietrich dieter; gerhard gerd gert; bernhard bernd berni; manfred manni fred; siegfried sigi siggi; rudolf rudi; florian flo; tobias tobi; dominik nik
        anton toni; franz franzl; elisabeth lisa lisl sissi elli; katharina kathi käthe; margarete margarethe gretl grete greta; magdalena leni lena; theresia resi
        susanne susi; johanna hanna; franziska franzi; christine christl; gabriele gabi; angelika geli; ursula uschi; stefanie steffi; alexandra sandra
        wolodymyr wowa vova; wladimir vladimir wowa vova wolodja; michail mikhail mischa misha; iwan ivan wanja vanya; nikolai kolja kolya; dmitri dima mitja
        jewgeni schenja zhenya; alexej alexei aljoscha alyosha; sergej serge serjoscha; jekaterina katja katya; anastasia nastja; giuseppe beppe pippo; francisco paco pancho
        josé pepe; guillermo memo; antonio tonio toño; luigi gigi; domenico mimmo; lorenzo renzo; giovanni gianni nino
        """;

    private const string Forms =
        """
        wolodymyr wladimir volodymyr vladimir; serhij sergej serhiy sergey sergei serhii; mykola nikolaj nikolai; oleksandr aleksandr alexander alexandr
        oleksij alexej aleksej alexei oleksii oleksiy aleksey; andrij andrej andrei andriy andrey; dmytro dmitrij dmitri dmitry; mychajlo michail mykhailo mikhail
        pawlo pawel pavlo pavel; petro pjotr pyotr petr; jewhen jewgenij jewgeni yevhen yevgeny evgeny; ihor igor; oleh oleg; wassyl wassilij wassili vasyl vasily
        hryhorij grigorij grigori hryhoriy grigory; heorhij georgij georgi; kateryna jekaterina ekaterina yekaterina; olena jelena elena yelena; halyna galina
        tetjana tatjana tetiana tatiana; iryna irina; switlana swetlana svitlana svetlana; ljudmyla ljudmila lyudmyla lyudmila; denys denis; kyrylo kirill
        mykyta nikita; artem artjom artyom; hanna anna; maksym maxim maksim; matwij matwej matviy matvey; pylyp filipp; fedir fjodor fyodor; jakiw jakow yakiv yakov
        walerij walerij valerii valery; witalij witalij vitalii vitaly; anatolij anatoli anatolii anatoly; ilya illja illia ilja; danylo daniil; semen semjon
        """;

    private const string Translations =
        """
        john johann johannes jean juan giovanni iwan ivan jan hans ian sean joão; peter pierre pietro pedro pjotr petro piotr; paul paolo pablo pawel pavel
        charles karl carlo carlos; henry heinrich henri enrico; william wilhelm guillaume guglielmo guillermo willem; james jakob giacomo jaime jacques
        joseph josef giuseppe josé; george georg giorgio jorge georges; francis franz francesco francisco françois; louis ludwig luigi luis; steven stephen stefan stephan
        stefano esteban étienne stepan steve; michael michel michele miguel michail mikhail; philip philipp philippe filippo felipe; andrew andreas andré andrej andrei
        anthony anton antonio antoine; nicholas nikolaus nicolas nicola nikolai; lawrence lorenz lorenzo laurent; matthew matthias matteo mathieu
        mark markus marco marc; luke lukas luca lucas; mary maria marie; margaret margarete margherita marguerite; helen helena elena hélène; anne anna ana
        catherine katharina caterina catarina; eugene eugen eugenio; vincent vinzenz vincenzo vicente; lewis louis
        """;

    private static readonly FrozenDictionary<string, (int Group, GivenNameKinship Kinship)[]> Groups = Index();

    /// <summary>How near two given names are, each given by its folded forms.</summary>
    public static GivenNameKinship Compare(IEnumerable<string> one, IEnumerable<string> other)
    {
        var groups = one.SelectMany(Of).ToHashSet();
        var shared = other.SelectMany(Of).Where(groups.Contains).Select(g => g.Kinship).ToList();
        return shared.Count == 0 ? GivenNameKinship.None : shared.Max();
    }

    private static IEnumerable<(int Group, GivenNameKinship Kinship)> Of(string folded) => Groups.TryGetValue(folded, out var groups) ? groups : [];

    private static FrozenDictionary<string, (int Group, GivenNameKinship Kinship)[]> Index()
    {
        var names = new List<(string Folded, int Group, GivenNameKinship Kinship)>();
        foreach (var (table, kinship) in new[] { (Nicknames, GivenNameKinship.Nickname), (Forms, GivenNameKinship.Form), (Translations, GivenNameKinship.Translation) })
        {
            foreach (var group in table.Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries))
            {
                var number = names.Count;
                foreach (var name in group.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    names.Add((NameFold.General(NameFold.Plain(name)), number, kinship));
                    if (kinship == GivenNameKinship.Form) names.AddRange(NameFold.Slavic(name).Select(slavic => ("~" + slavic, number, kinship)));
                }
            }
        }

        return names.Distinct().GroupBy(n => n.Folded).ToFrozenDictionary(g => g.Key, g => g.Select(n => (n.Group, n.Kinship)).ToArray());
    }
}
