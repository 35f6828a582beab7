using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Relo.Api.Tests.Fixtures;

/// <summary>A service whose clock only the test advances.</summary>
internal sealed class ClockedService(params (string Name, string Value)[] settings) : ServiceHost(root: null, settings)
{
    // Set before the base starts the service.
    public ManualClock Clock { get; } = new();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(Clock));
    }
}
