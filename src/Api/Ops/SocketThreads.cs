using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Relo.Api.Http.Hot;

namespace Relo.Api.Ops;

/// <summary>
/// Lets the threads that wait for sockets answer what takes no time (<see cref="HotConnection"/>) by themselves, instead of waking one of the pool for each request,
/// which takes longer than such an answer. Nothing else runs on them: HotConnection hands all other requests to the pool, and the upstream's client its answers.
/// </summary>
internal static class SocketThreads
{
    // The runtime has no other switch for it. It is read when the first socket is used.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Before any socket is used. Whoever sets the switch decides; and where the service is a guest in a process, it is that process's.</summary>
    public static void UseSocketThreads(this WebApplicationBuilder builder)
    {
        if (Assembly.GetEntryAssembly() == typeof(SocketThreads).Assembly && Environment.GetEnvironmentVariable(InlineCompletions) is null)
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.WaitForDataBeforeAllocatingBuffer = false; // one call less for each request, 4 KiB more for each idle connection
        });
        builder.Services.AddSingleton<HotHeads>().AddOptions<KestrelServerOptions>().Configure<HotHeads, TimeProvider>(HotConnection.Use);
    }
}
