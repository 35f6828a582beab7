using System.Globalization;

namespace Relo.Fuzz.Guided;

/// <summary>The parsed command line.</summary>
/// <param name="Harness">Name of a harness, or <c>all</c>.</param>
/// <param name="Seconds">How long each runs.</param>
/// <param name="Seed">What chance begins with.</param>
/// <param name="Processes">How many harnesses run at the same time.</param>
internal sealed record CampaignOptions(string Harness, int Seconds, int Seed, int Processes)
{
    public static CampaignOptions Read(IReadOnlyList<string> args) =>
        new(args[0], Number(args, "--seconds", 600), Number(args, "--seed", 1), Number(args, "--processes", Environment.ProcessorCount));

    private static int Number(IReadOnlyList<string> args, string name, int otherwise)
    {
        for (var i = 1; i + 1 < args.Count; i++)
            if (args[i] == name) return int.Parse(args[i + 1], CultureInfo.InvariantCulture);
        return otherwise;
    }
}
