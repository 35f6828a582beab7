using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relo.Api.Access;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Access;

/// <summary>
/// Keys come from settings, a file and a folder of secrets; invalid ones are refused at the start, and no key is ever shown.
/// </summary>
public sealed class KeySourcesTests : IDisposable
{
    private const string Setting = "a key of the settings", Filed = "a key of the file = 1", Secret = "a key of the secrets";

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-keys-").FullName;

    [Fact]
    public async Task Keys_of_settings_file_and_folder_all_work_and_are_never_logged_nor_kept()
    {
        using var service = new ServiceHost(root: null, ("Access:Mode", "Keys"), ("Access:Keys:set", Setting),
            ("Access:KeyFile",
                Write("keys.ini",
                    $"# who\n[Keys]\nfiled={Filed}\nhashed={Digest.Of(Encoding.UTF8.GetBytes("hashed in the file"))}\n[Scopes]\nhashed=objects\n")),
            ("Access:KeysFolder", Secrets(("mounted", Secret + "\n"), ("..data", "kubernetes puts such things there"))),
            ("Access:Scopes:mounted", "objects"));

        foreach (var (key,
            status) in new[] { (Setting, HttpStatusCode.Created), (Filed, HttpStatusCode.OK), (Secret, HttpStatusCode.OK), ("hashed in the file", HttpStatusCode.OK) })
            Assert.Equal(status, (await PostAsync(service, "/v1/objects?name=x", key)).StatusCode);
        foreach (var key in new[] { Secret, "hashed in the file" })
            await (await PostAsync(service, "/v1/kernels?release=1", key)).ProblemAsync(HttpStatusCode.Forbidden, "scope-missing");
        await (await PostAsync(service, "/v1/objects", "kubernetes puts such things there"))
            .ProblemAsync(HttpStatusCode.Forbidden, "key-refused");

        var logged = string.Join('\n', service.Log.Events.Select(e => LogLines.Render(e) + string.Join(' ', e.Properties)));
        Assert.Contains("mounted", logged, StringComparison.Ordinal); // its holder is
        var options = service.Services.GetRequiredService<IOptions<AccessOptions>>().Value;
        Assert.Equal(4, options.Keys.Count);
        foreach (var key in new[] { Setting, Filed, Secret, "hashed in the file" })
        {
            Assert.DoesNotContain(key, logged, StringComparison.Ordinal);
            Assert.DoesNotContain(key, options.Keys.Values);
        }
    }

    [Theory]
    [InlineData("Access:Keys has no key", "Access:Mode=Keys")]
    [InlineData("Access:Keys has no key", "Access:Mode=KeysForAll", "Access:KeysFolder={folder}/empty")]
    [InlineData("Access:Keys:ci has 5 characters", "Access:Keys:ci=S3krt")]
    [InlineData("Access:Keys:ci has 11 characters", "Access:Keys:ci=sha256:S3kr")]
    [InlineData("Access:Scopes:ci has 'write'", "Access:Keys:ci=S3krt S3krt S3krt S3krt", "Access:Scopes:ci=read,write")]
    [InlineData("Access:Scopes:ci has ''", "Access:Keys:ci=S3krt S3krt S3krt S3krt", "Access:Scopes:ci=")]
    [InlineData("Access:Scopes:c1", "Access:Keys:ci=S3krt S3krt S3krt S3krt", "Access:Scopes:c1=read")]
    [InlineData("Access:Keys:ci is set twice", "Access:Keys:ci=S3krt S3krt S3krt S3krt", "Access:KeyFile={folder}/keys.ini")]
    [InlineData("is the same key as", "Access:Keys:a=S3krt S3krt S3krt S3krt", "Access:Keys:b=S3krt S3krt S3krt S3krt")]
    [InlineData("other is the same key as Access:Keys:ci", "Access:KeyFile={folder}/keys.ini", "Access:KeysFolder={folder}/same")]
    [InlineData("keys cannot be read", "Access:KeyFile={folder}/none.ini")]
    [InlineData("keys cannot be read", "Access:KeysFolder={folder}/none")]
    [InlineData("keys cannot be read", "Access:KeyFile={folder}/bad.ini")]
    public void Start_with_keys_that_cannot_work_is_refused_without_showing_them(string said, params string[] settings)
    {
        Write("keys.ini", "[Keys]\nci=S3krt S3krt S3krt S3krt\n");
        Write("same/other", "S3krt S3krt S3krt S3krt\n");
        Write("bad.ini", "S3krt S3krt S3krt S3krt\n");
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        var pairs = settings.Select(s => s.Replace("{folder}", _folder, StringComparison.Ordinal).Split('=', 2))
            .Select(s => KeyValuePair.Create(s[0], (string?)s[1]));
        using var services = new ServiceCollection().AddAccess(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build())
            .BuildServiceProvider();
        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3kr", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_cannot_be_read_are_reported_each_time_they_are_asked_for()
    {
        const string keys = "[Keys]\nci=S3krt S3krt S3krt S3krt\n";
        using var service = new ServiceHost(root: null, ("Access:Mode", "Keys"), ("Access:KeyFile", Write("keys.ini", keys)));
        var follower = service.Services.GetRequiredService<KeyFollower>();
        Write("keys.ini", "[Keys]\nci=short\n");
        follower.ReadNow();
        follower.ReadNow();
        Assert.InRange(Count("the previous ones stay in use"), 2, 3); // the timer may have been first
        Assert.Equal(0, Count("were read again"));
        Write("keys.ini", keys);
        follower.ReadNow();
        Assert.Equal(1, Count("were read again"));

        int Count(string said) =>
            service.Log.Events.Count(line => LogLines.Render(line).Contains(said, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<HttpResponseMessage> PostAsync(ServiceHost service, string address, string key)
        => service.Http.SendAsync(new HttpRequestMessage(
            HttpMethod.Post, address)
        { Content = Answers.Body(Samples.Object), Headers = { { "X-Api-Key", key } } });

    private string Secrets(params (string Name, string Content)[] files)
    {
        foreach (var (name, content) in files) Write(Path.Combine("secrets", name), content);
        return Path.Combine(_folder, "secrets");
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
