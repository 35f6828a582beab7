using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.SupplyChain;

/// <summary>
/// The page <c>/docs/packages</c> lists what is shipped with the service and under which licence, and <c>/docs/sbom.json</c> the same for
/// programs. With <c>RELO_UPDATE_PACKAGES=1</c> this run writes both; the commit of a change is its review.
/// </summary>
public sealed class PackageListTests
{
    // Licences that allow redistribution if their text is included.
    private static readonly string[] Accepted = ["MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "0BSD", "PostgreSQL"];

    // A tool for making migrations; PrivateAssets keeps it and its dependencies out of the published service.
    private const string DesignTime = "Microsoft.EntityFrameworkCore.Design";

    // These packages name an address instead of a licence; read there.
    private static readonly Dictionary<string, string> ReadAtItsAddress = new(StringComparer.Ordinal)
    {
        ["K4os.Compression.LZ4"] = "MIT",
        ["MediatR"] = "Apache-2.0",
    };

    private static readonly string Docs = Path.Combine(Repository.Root, "wwwroot", "docs");
    private static readonly bool Updates = Environment.GetEnvironmentVariable("RELO_UPDATE_PACKAGES") == "1";

    [Fact]
    public void Each_package_that_is_shipped_stands_in_the_list_with_its_licence()
    {
        var list = new StringBuilder("""
            # Packages that are shipped with Relo

            For programs, [sbom.json](sbom.json) is the same as a CycloneDX document, with the digest of each package. A test holds both equal to what is shipped.

            | package | version | licence |
            |---|---|---|

            """);
        foreach (var (name, version) in Shipped())
            list.Append("| ").Append(name).Append(" | ").Append(version).Append(" | ").Append(Licence(name, version)).Append(" |\n");

        var path = Path.Combine(Docs, "packages.md");
        if (Updates) File.WriteAllText(path, list.ToString());
        Assert.Equal(list.ToString(), File.ReadAllText(path));
    }

    [Fact]
    public void Each_package_that_is_shipped_stands_in_the_bill_of_materials_with_its_digest()
    {
        using var dependencies = Dependencies();
        var libraries = dependencies.RootElement.GetProperty("libraries");
        var document = new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = "relo", ["name"] = "relo" },
            },
            ["components"] = new JsonArray([.. Shipped().Select(package => Component(
                package.Name, package.Version,
                libraries.GetProperty($"{package.Name}/{package.Version}").GetProperty("sha512").GetString()!))]),
        };
        var text = document.ToJsonString(new JsonSerializerOptions
        {
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }) + "\n";
        var path = Path.Combine(Docs, "sbom.json");
        if (Updates) File.WriteAllText(path, text);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void Each_package_that_is_shipped_has_a_licence_that_lets_one_ship_it() =>
        Assert.All(Shipped(), package => Assert.Contains(Licence(package.Name, package.Version), Accepted));

    [Fact]
    public void Each_project_locks_what_it_restores()
    {
        var projects = new List<string> { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
                .ToArray();
        Assert.NotEmpty(projects);
        Assert.All(projects,
            project =>
                Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")),
                    $"{project} has no packages.lock.json"));
    }

    private static JsonObject Component(string name, string version, string digest)
    {
        var purl = $"pkg:nuget/{name}@{version}";
        return new()
        {
            ["type"] = "library",
            ["bom-ref"] = purl,
            ["name"] = name,
            ["version"] = version,
            // "sha512-" and Base64
            ["hashes"] = new JsonArray(new JsonObject
            {
                ["alg"] = "SHA-512",
                ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(digest["sha512-".Length..])),
            }),
            ["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = Licence(name, version) } }),
            ["purl"] = purl,
        };
    }

    private static JsonDocument Dependencies() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Relo.Api.deps.json")));

    // What the program loads at run time: packages that only build it (analyzers, migrations) bring no file, or are not published.
    private static List<(string Name, string Version)> Shipped()
    {
        using var dependencies = Dependencies();
        var libraries = dependencies.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject()
            .ToDictionary(library => library.Name.Split('/')[0], StringComparer.Ordinal);
        var reached = new HashSet<string>(StringComparer.Ordinal) { DesignTime };
        var left = new Stack<string>(["Relo.Api"]);
        while (left.TryPop(out var name))
        {
            if (!libraries.TryGetValue(name, out var library) || !reached.Add(name)
                || !library.Value.TryGetProperty("dependencies", out var wanted)) continue;
            foreach (var dependency in wanted.EnumerateObject()) left.Push(dependency.Name);
        }

        var shipped = libraries.Where(library => library.Key != DesignTime && reached.Contains(library.Key)
            && !library.Key.StartsWith("Relo.", StringComparison.Ordinal)
                && (library.Value.Value.TryGetProperty("runtime", out _) || library.Value.Value.TryGetProperty("runtimeTargets", out _)))
            .Select(library => (library.Key, library.Value.Name.Split('/')[1])).OrderBy(package => package.Key, StringComparer.Ordinal)
                .ToList();
        Assert.NotEmpty(shipped);
        return shipped;
    }

    private static string Licence(string name, string version)
    {
        if (ReadAtItsAddress.TryGetValue(name, out var known)) return known;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var about = XDocument.Load(
            Path.Combine(packages, name.ToLowerInvariant(), version.ToLowerInvariant(), $"{name.ToLowerInvariant()}.nuspec"));
        var licence = about.Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        return (string?)licence?.Attribute("type") == "expression" ? licence!.Value : "not named";
    }
}
