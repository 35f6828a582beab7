using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Ops;
using Relo.Archive.Tests.Fixtures;
using Serilog.Core;

namespace Relo.Api.Tests.Fixtures;

/// <summary>
/// The real service on a real port: Kestrel, because the in-memory server knows no body limits, and with an archive of its own that is
/// deleted with it. The sample kernels are registered, the host's kernel is not: the tests must not depend on the machine, nor is any other
/// host asked for kernels.
/// </summary>
public class ServiceHost : WebApplicationFactory<Program>
{
    private readonly bool _ownsRoot;
    private readonly Dictionary<string, string?> _settings;

    /// <param name="root">Folder of an archive that outlives this service; null for a new one, deleted with it.</param>
    /// <param name="settings">Configuration beyond that of all tests.</param>
    public ServiceHost(string? root, params (string Name, string Value)[] settings)
    {
        _ownsRoot = root is null;
        Root = root ?? Directory.CreateTempSubdirectory("relo-api-tests-").FullName;
        _settings = settings.ToDictionary(s => s.Name, string? (s) => s.Value);
        UseKestrel(0);
        StartServer();
        Http = CreateClient();
    }

    /// <summary>Folder of the archive.</summary>
    public string Root { get; }

    /// <summary>The service's log.</summary>
    internal LogLines Log { get; } = new();

    /// <summary>
    /// A setting for tests about what a request opens: the service does not read the layouts of its kernels, which opens them as well.
    /// </summary>
    public static (string, string) WithoutLayouts { get; } = ("Tests:Layouts", "false");

    /// <summary>A client of the service; its base address is set.</summary>
    public HttpClient Http { get; }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Archive:Root", Root);
        builder.UseSetting("Archive:Database", TestDatabase.Of(Root));
        foreach (var (name, value) in TestBlobs.SettingsOf(Root)) builder.UseSetting(name, value);
        builder.UseSetting("Archive:BusyTimeout", "00:02:00"); // on a busy machine, a write can wait long for others
        builder.UseSetting("Archive:RegisterHostKernel", "false");
        builder.UseSetting("Archive:Upstream:BaseUrl", "");
        builder.ConfigureServices(services => services.AddSingleton<ILogEventSink>(Log));
        if (_settings.Remove(WithoutLayouts.Item1)) // not one of the service
            builder.ConfigureTestServices(services =>
                services.Remove(services.Single(service => service.ImplementationType == typeof(LayoutKeeper))));
        foreach (var (name, value) in _settings) builder.UseSetting(name, value);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        Http.Dispose();
        if (!_ownsRoot) return;
        TestDatabase.Drop(Root);
        if (Directory.Exists(Root)) Directory.Delete(Root, recursive: true);
    }
}

/// <summary>The service without any configuration, for the tests of one class.</summary>
public sealed class Service() : ServiceHost(root: null);
