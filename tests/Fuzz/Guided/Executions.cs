using System.Globalization;

namespace Relo.Fuzz.Guided;

/// <summary>The number of inputs over all runs: a line for each harness and minute in <c>$RELO_CACHE/fuzz/executions</c>.</summary>
internal static class Executions
{
    private static string Log => Path.Combine(Folders.Cache, "fuzz", "executions");

    public static void Add(Harness harness, long count) =>
        File.AppendAllText(Log, string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:s}Z {harness.Name} {count}\n"));

    /// <summary>Prints the sum of each harness and that of all.</summary>
    public static void Print()
    {
        if (!File.Exists(Log)) return;
        var sums = File.ReadLines(Log).Select(line => line.Split(' '))
            .GroupBy(parts => parts[1], parts => long.Parse(parts[2], CultureInfo.InvariantCulture))
            .Select(group => (group.Key, Sum: group.Sum())).OrderByDescending(pair => pair.Sum).ToArray();
        foreach (var (name, sum) in sums) Console.WriteLine($"{name,-14}{sum,16:n0}");
        Console.WriteLine($"{"all",-14}{sums.Sum(pair => pair.Sum),16:n0}");
    }
}
